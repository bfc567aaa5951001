using System.Text.RegularExpressions;

namespace Ha.Core.Config;

/// <summary>What a text must look like. A text that does not fit is answered in the field's words.</summary>
public sealed partial class ValueFormat
{
    private readonly Func<string, bool> _accepts;
    private readonly Func<string, string> _explain;

    private ValueFormat(Func<string, bool> accepts, Func<string, string> explain) => (_accepts, _explain) = (accepts, explain);

    /// <summary>A resource id: <c>vm:101</c>.</summary>
    public static ValueFormat ResourceId { get; } = Of(ResourceIdText(), "value does not look like a valid ha resource id");

    /// <summary>A resource id, or a guest's plain number.</summary>
    public static ValueFormat ResourceOrGuestId { get; } = Of(ResourceOrGuestIdText(), "value does not look like a valid ha resource id");

    /// <summary>A node, optionally with its priority: <c>node1:2</c>.</summary>
    public static ValueFormat NodeEntry { get; } = Of(NodeEntryText(), "value does not look like a valid ha node");

    /// <summary>A node's name.</summary>
    public static ValueFormat NodeName { get; } = Of(NodeNameText(), "value does not look like a valid node name");

    /// <summary>The id of a rule or group; at least two characters.</summary>
    public static ValueFormat ConfigId { get; } = new(ConfigIdText().IsMatch, id => $"invalid configuration ID '{id}'");

    /// <summary>The number in a guest's id; at least two digits.</summary>
    public static ValueFormat GuestNumber { get; } = Of(GuestNumberText(), "invalid VMID");

    /// <summary>The name of an <c>exec</c> resource.</summary>
    public static ValueFormat ExecName { get; } =
        new(ExecNameText().IsMatch, name => $"invalid exec name '{name}': start with a letter, go on with letters, digits, '_' or '-'");

    /// <summary>Says what is wrong with a text.</summary>
    /// <returns>The reason, or null if it fits.</returns>
    public string? Check(string text) => _accepts(text) ? null : _explain(text);

    private static ValueFormat Of(Regex pattern, string reason) => new(pattern.IsMatch, _ => reason);

    [GeneratedRegex(@"\A[a-z]+:[^\s]+\z")]
    private static partial Regex ResourceIdText();

    [GeneratedRegex(@"\A([a-z]+:[^\s]+|[0-9]+)\z")]
    private static partial Regex ResourceOrGuestIdText();

    [GeneratedRegex(@"\A[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(:[0-9]+)?\z")]
    private static partial Regex NodeEntryText();

    [GeneratedRegex(@"\A[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\z")]
    private static partial Regex NodeNameText();

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_-]+\z")]
    private static partial Regex ConfigIdText();

    [GeneratedRegex(@"\A[1-9][0-9]+\z")]
    private static partial Regex GuestNumberText();

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_-]*\z")]
    private static partial Regex ExecNameText();
}
