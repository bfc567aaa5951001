using Xunit;

namespace Ha.Testing;

/// <summary>Where the recorded reference data is: the folder named by the environment variable HA_SHARED, else <c>shared</c> beside the repository.</summary>
public static class SharedReference
{
    /// <summary>The folder of the checkout, found by its solution file; null when the tests run outside of one.</summary>
    public static string? RepositoryRoot { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The data folder, or null if it is not on this machine.</summary>
    public static string? TryFind()
    {
        var named = Environment.GetEnvironmentVariable("HA_SHARED");
        var folder = !string.IsNullOrEmpty(named) ? named : RepositoryRoot is null ? null : Path.Combine(RepositoryRoot, "..", "shared");
        return folder is not null && Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    /// <summary>A file or folder of the data. Skips the running test, with the reason, if it is not on this machine.</summary>
    /// <param name="relative">Path below the data folder, with <c>/</c>.</param>
    public static string Require(string relative)
    {
        if (TryFind() is not { } folder)
        {
            Assert.Skip("the recorded reference data is not here: set HA_SHARED to its folder, or put it at ../shared beside the repository");
            throw new InvalidOperationException("a skip does not return");
        }

        var path = Path.Combine(folder, relative.Replace('/', Path.DirectorySeparatorChar));
        Assert.SkipUnless(Path.Exists(path), $"the recorded reference data in {folder} has no {relative}");
        return path;
    }

    private static string? FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HaKv.sln")))
                return folder.FullName;
        }

        return null;
    }
}
