namespace Ha.Hosting.Membership;

/// <summary>Tells machines apart.</summary>
public static class MachineIdentity
{
    private static readonly string[] Files = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    /// <summary>The machine's id as systemd knows it; on a machine without one, its host name with <c>host-</c> before it.</summary>
    public static string Read()
    {
        foreach (var file in Files)
        {
            try
            {
                // An image that was never booted says "uninitialized".
                if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: 32 } id)
                    return id;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next file, or the host name, tells machines apart as well.
            }
        }

        return $"host-{Environment.MachineName}";
    }
}
