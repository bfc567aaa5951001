using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Ha.Core.Config;

/// <summary>The kind of value a property has.</summary>
public enum PropertyKind
{
    /// <summary>Any text without line feeds.</summary>
    Text,

    /// <summary><c>0</c> or <c>1</c>; the bare key means <c>1</c>.</summary>
    Boolean,

    /// <summary>A whole number of any size.</summary>
    Whole,

    /// <summary>A decimal number, optionally with an exponent.</summary>
    Number,
}

/// <summary>What a property of the configuration, or a parameter of a command, may hold.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Kind">Its kind.</param>
public sealed partial record PropertySchema(string Name, PropertyKind Kind = PropertyKind.Text)
{
    /// <summary>What each value must look like, if anything.</summary>
    public ValueFormat? Format { get; init; }

    /// <summary>Whether it holds a list, whose elements the format is for.</summary>
    public bool IsList { get; init; }

    /// <summary>The only words allowed, in the order in which messages name them.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>The smallest number.</summary>
    public long? Minimum { get; init; }

    /// <summary>The largest number.</summary>
    public long? Maximum { get; init; }

    /// <summary>The longest text, in characters.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether a section without it is invalid.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What it means; one line, for help.</summary>
    public string Description { get; init; } = "";

    /// <summary>Turns the elements of a list into the text that is stored; joined with commas unless set.</summary>
    public Func<IEnumerable<string>, string>? Join { get; init; }

    /// <summary>Checks a value.</summary>
    /// <returns>The first applicable reason of type, format, length, bounds, enumeration; null if the value is fine.</returns>
    public string? Check(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!HasKind(value))
            return $"type check ('{KindWord}') failed - got '{value}'";
        if (CheckFormat(value) is { } misfit)
            return $"invalid format - {misfit}\n";
        if (MaxLength is { } longest && value.EnumerateRunes().Count() > longest)
            return $"value may only be {longest} characters long";
        if (Minimum is { } least && Compare(value, least) < 0)
            return $"value must have a minimum value of {least}";
        if (Maximum is { } most && Compare(value, most) > 0)
            return $"value must have a maximum value of {most}";
        return Words is { } words && !words.Contains(value, StringComparer.Ordinal)
            ? $"value '{value}' does not have a value in the enumeration '{string.Join(", ", words)}'"
            : null;
    }

    /// <summary>The form in which a checked value is stored: numbers without decoration, lists joined, white space at the ends removed.</summary>
    public string Normalize(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Kind switch
        {
            PropertyKind.Whole => BigInteger.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
            PropertyKind.Number => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
            PropertyKind.Boolean => value,
            PropertyKind.Text when IsList => (Join ?? (v => string.Join(',', v)))(ValueList.Split(value)),
            PropertyKind.Text => value.Trim(SectionGrammar.WhiteSpace),
        };
    }

    private string KindWord => Kind switch
    {
        PropertyKind.Text => "string",
        PropertyKind.Boolean => "boolean",
        PropertyKind.Whole => "integer",
        PropertyKind.Number => "number",
    };

    private bool HasKind(string value) => Kind switch
    {
        PropertyKind.Text => true,
        PropertyKind.Boolean => value is "0" or "1",
        PropertyKind.Whole => IntegerText().IsMatch(value),
        PropertyKind.Number => NumberText().IsMatch(value),
    };

    private string? CheckFormat(string value)
    {
        if (Format is not { } format)
            return null;
        return IsList ? ValueList.Split(value).Select(format.Check).FirstOrDefault(reason => reason is not null) : format.Check(value);
    }

    private static int Compare(string value, long bound) =>
        BigInteger.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole.CompareTo(bound)
            : double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture).CompareTo(bound);

    [GeneratedRegex(@"\A[+-]?[0-9]+\z")]
    private static partial Regex IntegerText();

    [GeneratedRegex(@"\A[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z")]
    private static partial Regex NumberText();
}
