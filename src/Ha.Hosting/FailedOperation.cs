using Ha.Core.Config;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>Says which operation a failure belongs to.</summary>
internal static class FailedOperation
{
    /// <summary>Runs an action; a failure gets the operation before its own words.</summary>
    /// <exception cref="PlatformException">It failed, or nobody can tell.</exception>
    public static async Task ExplainAsync(string operation, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is ConfigException or PlatformException or StoreException or DocumentException)
        {
            throw new PlatformException($"{operation}: {e.Message}", e);
        }
    }
}
