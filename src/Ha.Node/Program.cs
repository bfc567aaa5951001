namespace Ha.Node;

internal static class Program
{
    private static Task<int> Main(string[] arguments) => NodeProgram.RunAsync(arguments);
}
