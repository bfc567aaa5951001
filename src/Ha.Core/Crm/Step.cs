using Ha.Core.Model;

namespace Ha.Core.Crm;

/// <summary>One thing a visit of a service decides. The shell carries the steps out in their order.</summary>
public abstract record Step
{
    private Step()
    {
    }

    /// <summary>Log a line.</summary>
    /// <param name="Line">The line.</param>
    public sealed record Log(LogLine Line) : Step;

    /// <summary>A transition: a new state, a new order. Everything but node, failed nodes and maintenance node is forgotten.</summary>
    /// <param name="To">The new state; never the present one.</param>
    /// <param name="Node">A new node, or the present one where the log is to name it.</param>
    /// <param name="Target">Where the service goes.</param>
    /// <param name="Timeout">Seconds a stop may take.</param>
    public sealed record Change(ServiceState To, NodeName? Node = null, NodeName? Target = null, string? Timeout = null) : Step
    {
        /// <summary>The parameters as the log shows them; empty without parameters.</summary>
        public string Parameters
        {
            get
            {
                var shown = new List<string>(3);
                if (Node is { } node)
                    shown.Add($"node = {node}");
                if (Target is { } target)
                    shown.Add($"target = {target}");
                if (Timeout is { } timeout)
                    shown.Add($"timeout = {timeout}");
                return shown.Count == 0 ? "" : $"  ({string.Join(", ", shown)})";
            }
        }

        /// <summary>The record after the transition.</summary>
        /// <exception cref="InvalidOperationException">The service is in that state already: a broken invariant.</exception>
        public ServiceRecord Apply(ServiceRecord record, string uid)
        {
            ArgumentNullException.ThrowIfNull(record);
            if (record.State == To)
                throw new InvalidOperationException($"a transition changes the state, but '{To.Word()}' is the present one");
            return new ServiceRecord
            {
                State = To,
                Node = Node ?? record.Node,
                Target = Target,
                Timeout = Timeout,
                FailedNodes = record.FailedNodes,
                MaintenanceNode = record.MaintenanceNode,
                Uid = uid,
            };
        }
    }

    /// <summary>Change what is remembered of the service, without a transition.</summary>
    /// <param name="Now">The new record; same state.</param>
    public sealed record Amend(ServiceRecord Now) : Step;

    /// <summary>Give the same order again under a new id, so that the LRM looks after the service once more.</summary>
    /// <param name="OnlyAsCheck">It is the periodic health check, which may also wait for a later round.</param>
    public sealed record Reissue(bool OnlyAsCheck) : Step;

    /// <summary>Write into the configuration that the service is wanted stopped.</summary>
    public sealed record WantStopped : Step;

    /// <summary>Remove a left-over lock, then make another node the owner.</summary>
    /// <param name="From">The fenced node.</param>
    /// <param name="To">The new owner.</param>
    public sealed record TakeOver(NodeName From, NodeName To) : Step;
}
