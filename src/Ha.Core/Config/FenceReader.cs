using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Ha.Core.Config;

/// <summary>What reading the fence devices gave.</summary>
/// <param name="Config">The devices; empty if there is an error, for half a configuration may fence the wrong way.</param>
/// <param name="Warnings">Lines that were skipped, in order.</param>
/// <param name="Error">All errors in one text that ends with a line feed; null if there are none.</param>
public sealed record FenceReading(FenceConfig Config, ImmutableArray<string> Warnings, string? Error);

/// <summary>Reads the fence devices: lines <c>device NAME[:NUMBER] AGENT ARGUMENTS</c> and
/// <c>connect NAME[:NUMBER] node=NODE ARGUMENTS</c>. Never fails.</summary>
public sealed partial class FenceReader
{
    private readonly Dictionary<string, int> _priorities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FenceDevice> _devices = new(StringComparer.Ordinal);
    private int _nextPriority;

    private FenceReader()
    {
    }

    /// <summary>Reads a document.</summary>
    /// <param name="name">Its name, for errors and warnings.</param>
    /// <param name="text">Its bytes, UTF-8; nothing for a missing document.</param>
    public static FenceReading Read(string name, ReadOnlySpan<byte> text)
    {
        var reader = new FenceReader();
        var warnings = ImmutableArray.CreateBuilder<string>();
        var errors = new StringBuilder();
        var number = 0;
        foreach (var raw in Encoding.UTF8.GetString(text).Split('\n'))
        {
            number++;
            var line = raw.Trim(SectionGrammar.WhiteSpace);
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (Statement().Match(line) is not { Success: true } match || ShellWords.Split(match.Groups["rest"].Value) is not { } arguments)
                warnings.Add($"{name} ignore line {number}: {line}");
            else if (reader.Take(match, arguments) is { } error)
                errors.Append($"line {number}: {error}\n");
        }

        return errors.Length > 0
            ? new(FenceConfig.Empty, warnings.ToImmutable(), $"Encountered error(s) on parsing '{name}':\n{errors}")
            : new(new FenceConfig([.. reader._devices.Values.OrderBy(d => reader._priorities[d.Name])]), warnings.ToImmutable(), null);
    }

    private string? Take(Match statement, ImmutableArray<string> arguments)
    {
        var (name, number) = ReadName(statement.Groups["name"].Value);
        var third = statement.Groups["third"].Value;
        return statement.Groups["verb"].Value == "device" ? Declare(name, number, third, arguments) : Connect(name, number, third, arguments);
    }

    private string? Declare(string name, string number, string agent, ImmutableArray<string> arguments)
    {
        var device = _devices.GetValueOrDefault(name) ?? new(name, ImmutableSortedDictionary.Create<string, FenceSubDevice>(StringComparer.Ordinal));
        if (device.SubDevices.ContainsKey(number))
            return $"device '{name}:{number}' already declared";
        _devices[name] = device with { SubDevices = device.SubDevices.Add(number, new(agent, arguments, FenceSubDevice.NoNodes)) };
        // As in the field: the first device falls behind those declared before its next sub-device.
        if (_priorities.GetValueOrDefault(name) == 0)
            _priorities[name] = _nextPriority++;
        return null;
    }

    private string? Connect(string name, string number, string target, ImmutableArray<string> arguments)
    {
        if (!_devices.TryGetValue(name, out var device))
            return $"device '{name}' must be declared before you can connect to it";
        if (!device.SubDevices.TryGetValue(number, out var sub))
            return $"No parallel device '{name}:{number}' found";
        if (Node().Match(target) is not { Success: true } match)
            return $"node=nodename needed to connect device '{name}' to node";
        var node = match.Groups[1].Value;
        if (sub.Nodes.ContainsKey(node))
            return $"node '{node}' already connected to device '{name}:{number}'";
        _devices[name] = device with { SubDevices = device.SubDevices.SetItem(number, sub with { Nodes = sub.Nodes.Add(node, arguments) }) };
        return null;
    }

    private static (string Name, string Number) ReadName(string word)
    {
        if (Name().Match(word) is not { Success: true } match)
            return (word, "1");
        return (match.Groups[1].Value, match.Groups[2].Value is "" or "0" ? "1" : match.Groups[2].Value);
    }

    [GeneratedRegex(@"\A(?<verb>device|connect)[ \t\r\f\v]+(?<name>[^ \t\r\f\v]+)[ \t\r\f\v]+(?<third>[^ \t\r\f\v]+)[ \t\r\f\v]+(?<rest>.+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Statement();

    // Names with hyphens are whole names: cut at the hyphen, 'rack-a' and 'rack-b' would be one device, and so two nodes one node.
    [GeneratedRegex(@"\A([A-Za-z0-9_][A-Za-z0-9_-]*)(?::([0-9]+))?")]
    private static partial Regex Name();

    [GeneratedRegex("node=([A-Za-z0-9_][A-Za-z0-9_-]*)")]
    private static partial Regex Node();
}
