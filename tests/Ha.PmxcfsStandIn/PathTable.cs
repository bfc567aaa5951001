namespace Ha.PmxcfsStandIn;

/// <summary>Which number the kernel knows each path by, as in libfuse's path based interface: the number stands for the path, not for the file.</summary>
internal sealed class PathTable
{
    private const ulong RootNumber = 1;

    private readonly Dictionary<ulong, string> _paths = new() { [RootNumber] = "" };
    private readonly Dictionary<string, ulong> _numbers = new(StringComparer.Ordinal) { [""] = RootNumber };
    private ulong _last = RootNumber;

    public string PathOf(ulong number) => _paths[number];

    public ulong NumberOf(string path)
    {
        if (_numbers.TryGetValue(path, out var known))
            return known;
        _paths[++_last] = path;
        _numbers[path] = _last;
        return _last;
    }

    /// <summary>A file or empty directory was renamed here: its number goes with it.</summary>
    public void Rename(string from, string to)
    {
        var number = NumberOf(from);
        _numbers.Remove(from);
        _numbers[to] = number;
        _paths[number] = to;
    }
}
