using System.Text.Json.Nodes;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Cli.Output;

/// <summary>What <c>status</c> shows, as it was read.</summary>
internal sealed record StatusFacts
{
    public required NodeName LocalNode { get; init; }

    /// <summary>Whether the store answered a linearizable read.</summary>
    public required bool Quorate { get; init; }

    /// <summary>The time to judge time stamps by, in the zone to show them in.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The zone to show times in.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>The manager status; null if the document is damaged.</summary>
    public required ManagerStatus? Manager { get; init; }

    /// <summary>What is configured, as it is stored.</summary>
    public required SectionDocument Configured { get; init; }

    /// <summary>What is configured, with defaults and homes.</summary>
    public required ResourceSnapshot Resources { get; init; }

    /// <summary>The LRM status of each node the manager knows; null if there is none or it cannot be read.</summary>
    public required SortedList<NodeName, LrmStatus?> Lrms { get; init; }

    public required DatacenterSettings Datacenter { get; init; }

    /// <summary>The stored manager status and LRM status documents, for <c>--verbose</c>.</summary>
    public required JsonObject Documents { get; init; }
}
