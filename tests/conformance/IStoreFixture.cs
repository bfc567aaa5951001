namespace Ha.Conformance;

/// <summary>What a store brings to the suite: one class with a public parameterless constructor, which each suite is derived with once.</summary>
public interface IStoreFixture
{
    /// <summary>The store's name, for messages.</summary>
    string Name { get; }

    /// <summary>How long, in real time, a case waits for something that must happen before it fails. Thirty seconds if not set: this
    /// bounds a hang and measures nothing.</summary>
    TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>How often the random cases repeat; 1,000 if not set. Smaller only for a store whose commits take real time.</summary>
    int Rounds => 1000;

    /// <summary>Makes a fresh, empty store.</summary>
    Task<StoreCluster> StartAsync();
}
