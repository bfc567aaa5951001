using System.Runtime.InteropServices;

namespace Ha.Backends.Embedded;

/// <summary>The one clock all processes of a machine share: time since boot, suspend included, and which boot that was.</summary>
internal sealed partial class BootClock(Func<long> milliseconds, string bootId)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";
    private const int ClockBootTime = 7;

    /// <summary>This machine's.</summary>
    public static BootClock System { get; } = new(SinceBoot, File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : "this boot");

    /// <summary>Milliseconds since boot.</summary>
    public long Now => milliseconds();

    /// <summary>Differs after each boot.</summary>
    public string BootId => bootId;

    private static long SinceBoot() => OperatingSystem.IsLinux() && GetTime(ClockBootTime, out var time) == 0
        ? (time.Seconds * 1000) + (time.Nanoseconds / 1_000_000)
        : Environment.TickCount64;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
