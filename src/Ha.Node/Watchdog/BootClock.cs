using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ha.Node.Watchdog;

/// <summary>Linux CLOCK_BOOTTIME, which all processes of a machine share and which counts suspend.</summary>
internal static class BootClock
{
    private const int BootTime = 7;

    /// <summary>Time since the machine's start.</summary>
    public static TimeSpan Now
    {
        get
        {
            if (GetTime(BootTime, out var time) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "CLOCK_BOOTTIME cannot be read");
            return new TimeSpan(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }

    // Blittable, so the marshalling of LibraryImport, which needs unsafe blocks in the project, would add nothing.
    [DllImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static extern int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
