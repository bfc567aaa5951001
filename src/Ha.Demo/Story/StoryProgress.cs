using System.Collections.Immutable;
using Ha.LocalCluster.Observing;

namespace Ha.Demo.Story;

/// <summary>How far the story has come. Immutable.</summary>
/// <param name="Chapter">The chapter.</param>
/// <param name="Failovers">One for each fault so far.</param>
/// <param name="SteadySince">Since when the cluster has been steady, since boot; null: it is not.</param>
internal sealed record StoryProgress(Chapter Chapter, ImmutableList<Failover> Failovers, TimeSpan? SteadySince)
{
    /// <summary>The first page.</summary>
    public static StoryProgress Begin { get; } = new(Chapter.Starting, [], null);

    /// <summary>Takes an observation into account.</summary>
    public StoryProgress With(Observation seen) => this with
    {
        Failovers = Failovers.IsEmpty ? Failovers : Failovers.SetItem(Failovers.Count - 1, Failovers[^1].With(seen)),
        SteadySince = StoryMachine.IsSteady(seen) ? SteadySince ?? seen.At : null,
    };

    /// <summary>Takes an act into account that was just done.</summary>
    /// <param name="act">The act.</param>
    /// <param name="at">When a fault took effect, since boot.</param>
    public StoryProgress After(StoryAct act, TimeSpan at) => act switch
    {
        StoryAct.AddServices => this with { Chapter = Chapter.Beginning },
        StoryAct.Freeze freeze => this with { Chapter = Chapter.MasterFrozen, Failovers = Failovers.Add(new Failover(freeze.Fault with { At = at })), SteadySince = null },
        StoryAct.Restart => this with { Chapter = Chapter.Rejoining, SteadySince = null },
        StoryAct.Kill kill => this with { Chapter = Chapter.NodeKilled, Failovers = Failovers.Add(new Failover(kill.Fault with { At = at })), SteadySince = null },
        StoryAct.Finish => this with { Chapter = Chapter.End },
        _ => throw new InvalidOperationException($"the story knows no {act.GetType().Name}"),
    };
}
