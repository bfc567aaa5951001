using System.Collections.Immutable;
using Ha.Core.Platform;

namespace Ha.Core.Tests.Crm;

/// <summary>Fence agents that note what they are told and end as a test says.</summary>
internal sealed class FakeFenceAgents : IFenceAgents
{
    public List<FakeFenceProcess> Started { get; } = [];

    /// <summary>The call that is refused, in the form of <see cref="FakeFenceProcess.Line"/>.</summary>
    public string? RefusedLine { get; set; }

    public IFenceProcess Start(string agent, ImmutableArray<string> arguments)
    {
        var process = new FakeFenceProcess($"{agent} {string.Join(' ', arguments)}");
        if (process.Line == RefusedLine)
            throw new PlatformException("no more processes");
        Started.Add(process);
        return process;
    }
}

internal sealed class FakeFenceProcess(string line) : IFenceProcess
{
    public string Line { get; } = line;

    public int? WaitStatus { get; set; }

    public bool IsKilled { get; private set; }

    public void Kill() => IsKilled = true;
}
