namespace Ha.Conformance;

/// <summary>Names the case of the catalogue that a test proves, so that tables of results can be printed.</summary>
/// <param name="id">Group letter and number, such as <c>B14</c>; an added letter marks a variant of the same case.</param>
/// <param name="name">The case's short name.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseAttribute(string id, string name) : Attribute
{
    /// <summary>Group letter and number.</summary>
    public string Id => id;

    /// <summary>The case's short name.</summary>
    public string Name => name;
}
