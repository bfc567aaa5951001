using Ha.Core.Stores;
using Xunit;

namespace Ha.Conformance;

/// <summary>Group P: announcements. They grant nothing, so their times are checked loosely.</summary>
public abstract class PresenceSuite<TFixture> : StoreSuite<TFixture>
    where TFixture : IStoreFixture, new()
{
    private const string Key = "nodes/a/presence";

    private TimeSpan Shortest => A.Store.Descriptor.Limits.MinPresenceTtl;

    [Fact, Case("P1", "Presence_VisibleUntilWithdrawn")]
    public async Task An_announcement_is_seen_by_others_and_vanishes_when_withdrawn()
    {
        if (await RefusedAsync())
            return;
        await using var watch = Watch(B, StoreKey.Of("nodes"));
        var presence = await AnnounceAsync(A, "here");
        Assert.Equal("here", Text(await GetAsync(B, Key)));
        await watch.UntilAsync(() => watch.RevisionOf(StoreKey.Of(Key)) is not null, "the announcement");
        await presence.DisposeAsync();

        Assert.Null(await GetAsync(B, Key));
        await watch.UntilAsync(() => watch.RevisionOf(StoreKey.Of(Key)) is null, "its withdrawal");
    }

    [Fact, Case("P2", "Presence_SilentAnnouncer_Vanishes")]
    public async Task An_announcement_lives_while_refreshed_and_vanishes_after_silence()
    {
        if (await RefusedAsync())
            return;
        await using var presence = await AnnounceAsync(A, "here");
        for (var i = 0; i < 12; i++)
        {
            await Cluster.AdvanceAsync(Shortest / 4);
            await presence.RefreshAsync(CancellationToken.None);
            Assert.NotNull(await GetAsync(B, Key));
        }

        await Cluster.AdvanceAsync(Shortest * 3);
        Assert.Null(await GetAsync(B, Key));
        Assert.Empty((await ListAsync(B, StoreKey.Of("nodes"))).Entries);
        await AssertRefusedAsync(StoreError.PresenceLost, () => presence.RefreshAsync(CancellationToken.None));
        await using var again = await AnnounceAsync(A, "back");
        Assert.Equal("back", Text(await GetAsync(B, Key)));
    }

    [Fact, Case("P3", "Presence_TakenOver_FormerOwnerHarmless")]
    public async Task An_announcement_that_was_taken_over_is_beyond_its_former_owner()
    {
        if (await RefusedAsync())
            return;
        var former = await AnnounceAsync(A, "former");
        var restarted = await Cluster.NewClientAsync("a");
        await using var successor = await AnnounceAsync(restarted, "successor");
        Assert.Equal("successor", Text(await GetAsync(B, Key)));
        await AssertRefusedAsync(StoreError.PresenceLost, () => former.RefreshAsync(CancellationToken.None));
        await former.DisposeAsync();

        Assert.Equal("successor", Text(await GetAsync(B, Key)));
        await successor.RefreshAsync(CancellationToken.None);
    }

    [Fact, Case("P4", "Presence_IsNoLock")]
    public async Task An_announcement_that_ends_ends_no_lock()
    {
        if (await RefusedAsync())
            return;
        var handle = await AcquireAsync(A, Lock, Shortest * 10);
        await using (await AnnounceAsync(A, "here"))
            await Cluster.AdvanceAsync(Shortest * 2);

        Assert.True(handle.IsHeld);
        await HeldAsync(B, Lock);
    }

    // The negative twin: refused before anything is written.
    private async Task<bool> RefusedAsync()
    {
        if (Can(StoreCapabilities.Presence))
            return false;
        await AssertRefusedAsync(StoreError.Unsupported, () => AnnounceAsync(A, "here"));
        Assert.Null(await GetAsync(B, Key));
        return true;
    }

    private Task<IPresence> AnnounceAsync(StoreClient client, string text) =>
        client.Store.AnnounceAsync(StoreKey.Of(Key), Bytes(text), Shortest, CancellationToken.None);
}
