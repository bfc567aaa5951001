using Ha.Core.Config;

namespace Ha.Cli.Parsing;

/// <summary>An option of a command.</summary>
/// <param name="Value">Its name and what it may hold.</param>
/// <param name="IsExact">Whether it must be written out. Options that other implementations of this command line do not have are exact, so that
/// they make no abbreviation ambiguous that people and scripts use.</param>
internal sealed record OptionSpec(PropertySchema Value, bool IsExact = false)
{
    public string Name => Value.Name;

    /// <summary>Whether the command does not run without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether its value is for the command's own check, as what it may hold depends on other parameters.</summary>
    public bool IsCheckedByCommand { get; init; }

    public bool IsBoolean => Value.Kind == PropertyKind.Boolean;
}
