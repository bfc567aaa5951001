namespace Ha.Core.Config;

/// <summary>What the documents beside the resources may contain.</summary>
public static class DocumentSchemas
{
    private static readonly PropertySchema Comment = new("comment") { MaxLength = 4096, Description = "Free text." };

    private static readonly PropertySchema Nodes = new("nodes") { IsList = true, Format = ValueFormat.NodeEntry, IsRequired = true, Join = ValueList.JoinSet };

    private static readonly PropertySchema Resources = new("resources") { IsList = true, Format = ValueFormat.ResourceId, IsRequired = true, Join = ValueList.JoinSet };

    private static readonly PropertySchema Disable = new("disable", PropertyKind.Boolean);

    /// <summary>The legacy groups.</summary>
    public static SectionSchema Groups { get; } = new()
    {
        IdProperty = "group",
        CheckHeader = (_, id) => ValueFormat.ConfigId.Check(id),
        Types = [new("group", [Nodes, new("restricted", PropertyKind.Boolean), new("nofailback", PropertyKind.Boolean), Comment])],
    };

    /// <summary>The placement rules. Comments stay as they are stored: percent-encoded.</summary>
    public static SectionSchema Rules { get; } = new()
    {
        IdProperty = "rule",
        CheckHeader = (_, id) => ValueFormat.ConfigId.Check(id),
        Types =
        [
            new("node-affinity", [Resources, Nodes with { Join = ValueList.JoinNodes }, new("strict", PropertyKind.Boolean), Disable, Comment]),
            new("resource-affinity", [Resources, new("affinity") { Words = ["positive", "negative"], IsRequired = true }, Disable, Comment]),
        ],
    };
}
