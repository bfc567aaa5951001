namespace Ha.Core.Config;

/// <summary>A change of the configuration was refused; nothing was changed.</summary>
/// <param name="message">Why, in the field's words; one line unless it lists several faults.</param>
public sealed class ConfigException(string message) : Exception(message);
