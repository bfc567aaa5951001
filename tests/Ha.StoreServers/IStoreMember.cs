namespace Ha.StoreServers;

/// <summary>One server of a cluster. A fault that <see cref="IStoreServers.UnsupportedBecause"/> gives a reason for throws <see cref="StoreServersException"/>
/// with that reason. Every method may be called at any time and twice; each is done when it returns.</summary>
public interface IStoreMember
{
    /// <summary>Its place in <see cref="IStoreServers.Members"/>, from 0.</summary>
    int Index { get; }

    /// <summary>Its name in the cluster, <c>m1</c> and so on.</summary>
    string Name { get; }

    /// <summary>Where clients reach it, as <c>host:port</c>. The same after each start.</summary>
    string Endpoint { get; }

    /// <summary>Whether its process exists, paused or not. False after it was killed or ended by itself.</summary>
    bool IsRunning { get; }

    /// <summary>The processor time it has used since it was started; null where it is no process of this machine that we started, or does not run.</summary>
    TimeSpan? ProcessorTime { get; }

    /// <summary>Ends it without warning, as a power loss would, and waits until it is gone.</summary>
    Task KillAsync();

    /// <summary>Asks it to end, and waits until it has; kills it after ten seconds.</summary>
    Task StopAsync();

    /// <summary>Starts it again with the data it has. Does not wait until it answers: that may need other members (<see cref="IStoreServers.WaitUntilReadyAsync"/>).</summary>
    Task StartAsync();

    /// <summary>Stops its process where it is; connections stay open and nothing is answered.</summary>
    Task PauseAsync();

    /// <summary>Lets it go on after <see cref="PauseAsync"/>.</summary>
    Task ResumeAsync();

    /// <summary>Drops all packets between it and the other members.</summary>
    Task IsolateFromPeersAsync();

    /// <summary>Drops all packets between it and clients, without telling them.</summary>
    Task IsolateFromClientsAsync();

    /// <summary>Ends both isolations.</summary>
    Task HealAsync();

    /// <summary>Leaves no room on its disk. It may end itself because of that, as the server at hand does.</summary>
    Task FillDiskAsync();

    /// <summary>Gives the room back.</summary>
    Task FreeDiskAsync();
}
