using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Ha.Watchdog;

/// <summary>A watchdog of the kernel: a character device.</summary>
internal sealed class KernelDevice : IWatchdogDevice
{
    private const nuint GetSupport = 0x80285700;
    private const nuint Keepalive = 0x80045705;
    private const nuint SetTimeoutRequest = 0xC0045706;
    private const nuint GetTimeout = 0x80045707;
    private const int IdentityOffset = 8;
    private static readonly TimeSpan ModuleLimit = TimeSpan.FromSeconds(30);
    private readonly int _descriptor;
    private int _timeoutSeconds;

    private KernelDevice(int descriptor) => _descriptor = descriptor;

    /// <summary>Opens the device, which starts its timer.</summary>
    /// <exception cref="FatalException">It cannot be opened.</exception>
    public static KernelDevice Open(string path)
    {
        var descriptor = Native.Open(path, Native.WriteOnlyCloseOnExec);
        return descriptor >= 0 ? new KernelDevice(descriptor) : throw new FatalException($"watchdog open: {Native.LastError()} ({path})");
    }

    /// <summary>Loads the module that supplies the device; should that fail, opening the device says so.</summary>
    /// <param name="module">The administrator's choice, or null.</param>
    /// <param name="journal">Where to report.</param>
    public static void LoadModule(string? module, IJournal journal)
    {
        if (!string.IsNullOrEmpty(module))
            journal.Write($"Loading watchdog module '{module}'");
        try
        {
            using var modprobe = Process.Start("modprobe", ["-q", string.IsNullOrEmpty(module) ? "softdog" : module]);
            modprobe.WaitForExit(ModuleLimit);
        }
        catch (Win32Exception e)
        {
            journal.Write($"assemble modprobe command failed: {e.Message}");
        }
    }

    public void SetTimeout(TimeSpan timeout)
    {
        _timeoutSeconds = (int)timeout.TotalSeconds;
        if (Native.Control(_descriptor, SetTimeoutRequest, ref _timeoutSeconds) < 0)
            throw new FatalException($"watchdog set timeout: {Native.LastError()}");
    }

    public TimeSpan ReadTimeout()
    {
        var seconds = 0;
        // A driver that cannot be asked has still told what it made of the request.
        return TimeSpan.FromSeconds(Native.Control(_descriptor, GetTimeout, ref seconds) < 0 ? _timeoutSeconds : seconds);
    }

    public (string Identity, uint FirmwareVersion) ReadIdentity()
    {
        Span<byte> info = stackalloc byte[40];
        if (Native.Control(_descriptor, GetSupport, info) < 0)
            throw new FatalException($"read watchdog info: {Native.LastError()}");
        return (Encoding.UTF8.GetString(info[IdentityOffset..]).TrimEnd('\0'), BitConverter.ToUInt32(info[4..]));
    }

    public string? KeepAlive()
    {
        var unused = 0;
        return Native.Control(_descriptor, Keepalive, ref unused) < 0 ? Native.LastError() : null;
    }

    public string? Disarm()
    {
        var error = Native.Write(_descriptor, "V"u8, 1) == 1 ? null : $"write magic watchdog close: {Native.LastError()}";
        return Native.Close(_descriptor) == 0 ? error : error ?? $"close watchdog fd: {Native.LastError()}";
    }
}
