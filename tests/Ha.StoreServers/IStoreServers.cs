namespace Ha.StoreServers;

/// <summary>Running servers that form one cluster and belong to one test or test class. Disposing ends them and removes what they stored.</summary>
public interface IStoreServers : IAsyncDisposable
{
    /// <summary>What was asked for.</summary>
    StoreServersSpec Spec { get; }

    /// <summary>The servers, in the order of their numbers.</summary>
    IReadOnlyList<IStoreMember> Members { get; }

    /// <summary>What a client needs to be let in.</summary>
    StoreCredentials Credentials { get; }

    /// <summary>What a client of ours is configured with: <c>scheme://host:port,host:port/space?name=value</c>.</summary>
    /// <param name="space">The part of the store to work in, so that tests on one cluster do not meet: letters, digits, dashes, inner slashes.</param>
    /// <param name="parameters">Further settings, each <c>name=value</c> in the form of a query.</param>
    string ConnectionString(string space, params IEnumerable<string> parameters);

    /// <summary>Why these servers cannot suffer a fault; null if they can.</summary>
    string? UnsupportedBecause(StoreFault fault);

    /// <summary>The member that a majority follows at this moment, asked from the members themselves; null if there is none.</summary>
    Task<IStoreMember?> LeaderAsync(CancellationToken cancel);

    /// <summary>Waits until every running member answers and has a leader. A paused or isolated member is not ready.</summary>
    /// <exception cref="StoreServersException">Not within <see cref="StoreServersSpec.StartTimeout"/>; the message has the servers' last words.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancel);

    /// <summary>Kills all members, copies what they have stored, and starts them again. A later copy replaces an earlier one.</summary>
    Task BackUpAsync(CancellationToken cancel);

    /// <summary>Kills all members, gives them back what <see cref="BackUpAsync"/> has copied, and starts them again: everything written since is gone.</summary>
    /// <exception cref="StoreServersException">There is no copy.</exception>
    Task RestoreBackupAsync(CancellationToken cancel);
}
