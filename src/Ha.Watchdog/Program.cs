namespace Ha.Watchdog;

internal static class Program
{
    private static int Main() => 0;
}
