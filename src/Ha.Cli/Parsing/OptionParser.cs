namespace Ha.Cli.Parsing;

/// <summary>Separates options from positional arguments: <c>--name value</c>, <c>--name=value</c>, one dash or two, any case, any unique abbreviation;
/// <c>--</c> ends the options.</summary>
internal sealed class OptionParser
{
    private readonly IReadOnlyList<OptionSpec> _options;
    private readonly Queue<string> _args;
    private readonly List<string> _faults = [];
    private readonly List<string> _positional = [];
    private readonly List<(OptionSpec Option, string Value)> _given = [];

    private OptionParser(IReadOnlyList<OptionSpec> options, IEnumerable<string> args) => (_options, _args) = (options, new(args));

    /// <summary>Takes arguments apart.</summary>
    /// <exception cref="CliException">An option is unknown, ambiguous or without its value; all such faults are told at once.</exception>
    public static (IReadOnlyList<string> Positional, IReadOnlyList<(OptionSpec Option, string Value)> Given) Parse(
        IReadOnlyList<OptionSpec> options, IEnumerable<string> args, string usage)
    {
        var parser = new OptionParser(options, args);
        parser.Run();
        return parser._faults.Count == 0
            ? (parser._positional, parser._given)
            : throw new CliException(string.Join('\n', parser._faults.Append("400 unable to parse option")), usage);
    }

    private void Run()
    {
        while (_args.TryDequeue(out var arg))
        {
            if (arg == "--")
            {
                _positional.AddRange(_args);
                return;
            }

            if (arg.Length > 1 && arg[0] == '-')
                TakeOption(arg.StartsWith("--", StringComparison.Ordinal) ? arg[2..] : arg[1..]);
            else
                _positional.Add(arg);
        }
    }

    private void TakeOption(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        if (Find(name) is not { } option)
            return;
        if (equals >= 0)
            _given.Add((option, text[(equals + 1)..]));
        else if (option.IsBoolean)
            _given.Add((option, _args.TryPeek(out var next) && !next.StartsWith('-') ? _args.Dequeue() : "1"));
        else if (_args.TryDequeue(out var value))
            _given.Add((option, value));
        else
            _faults.Add($"Option {name} requires an argument");
    }

    /// <summary>The options that a name can mean: the one of that name, or all that it is an abbreviation of.</summary>
    public static IReadOnlyList<OptionSpec> Matching(IReadOnlyList<OptionSpec> options, string name)
    {
        var exact = options.Where(o => string.Equals(o.Name, name, StringComparison.OrdinalIgnoreCase)).Take(1).ToList();
        return exact.Count > 0 ? exact : [.. options.Where(o => !o.IsExact && name.Length > 0 && o.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase))];
    }

    private OptionSpec? Find(string name)
    {
        var candidates = Matching(_options, name);
        if (candidates.Count == 1)
            return candidates[0];
        _faults.Add(candidates.Count == 0
            ? $"Unknown option: {name}"
            : $"Option {name} is ambiguous ({string.Join(", ", candidates.Select(c => c.Name).Order(StringComparer.Ordinal))})");
        return null;
    }
}
