namespace Ha.StoreServers.Kinds;

/// <summary>A member whose server we control, wherever it runs.</summary>
internal abstract class HostedMember(MemberPlace place) : IStoreMember
{
    /// <summary>Where it lives.</summary>
    public MemberPlace Place => place;

    public int Index => place.Index;

    public string Name => place.Name;

    public string Endpoint => place.Client.Endpoint;

    public abstract bool IsRunning { get; }

    public virtual TimeSpan? ProcessorTime => null;

    /// <summary>Whether its server is gone though nobody asked it to go.</summary>
    public abstract bool EndedByItself { get; }

    public abstract Task KillAsync();

    public abstract Task StopAsync();

    public abstract Task StartAsync();

    public abstract Task PauseAsync();

    public abstract Task ResumeAsync();

    public abstract Task IsolateFromPeersAsync();

    public abstract Task IsolateFromClientsAsync();

    public abstract Task HealAsync();

    public abstract Task FillDiskAsync();

    public abstract Task FreeDiskAsync();

    /// <summary>Copies what it has stored to a folder that does not exist yet. It does not run meanwhile.</summary>
    public abstract Task SaveDataAsync(string folder);

    /// <summary>Replaces what it has stored by such a copy. It does not run meanwhile.</summary>
    public abstract Task LoadDataAsync(string folder);

    /// <summary>The last lines its server wrote, for messages.</summary>
    public abstract Task<string> LastWordsAsync();

    /// <inheritdoc/>
    public override string ToString() => $"{Name} at {Endpoint}";
}
