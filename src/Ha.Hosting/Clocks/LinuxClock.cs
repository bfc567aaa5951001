using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ha.Hosting.Clocks;

/// <summary>The kernel's clocks that no one can set.</summary>
internal static partial class LinuxClock
{
    private const int Monotonic = 1;
    private const int BootTime = 7;

    /// <summary>Time since boot, without the time the machine was suspended.</summary>
    public static TimeSpan SinceBootAwake => Read(Monotonic);

    /// <summary>Time since boot, with the time the machine was suspended.</summary>
    public static TimeSpan SinceBoot => Read(BootTime);

    private static TimeSpan Read(int clock)
    {
        if (GetTime(clock, out var time) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"clock {clock} cannot be read: Linux 2.6.39 or newer is needed");
        return new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
