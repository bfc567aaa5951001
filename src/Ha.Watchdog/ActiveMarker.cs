namespace Ha.Watchdog;

/// <summary>A directory that exists while clients are, or were unsafely, connected. It lives where a reboot clears it, and keeps a second start
/// from rescuing a node that is already condemned.</summary>
/// <param name="path">Where it is.</param>
internal sealed class ActiveMarker(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whether somebody is or was unsafely connected.</summary>
    public bool Exists => Path.Exists(path);

    /// <summary>Creates it if need be.</summary>
    /// <returns>The error, or null.</returns>
    public string? Set()
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Removes it.</summary>
    /// <returns>The error, or null.</returns>
    public string? Clear()
    {
        try
        {
            Directory.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
