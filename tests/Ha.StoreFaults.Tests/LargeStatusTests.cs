using System.Globalization;
using Ha.Core.Stores;
using Ha.StoreServers;
using Ha.Testing;

namespace Ha.StoreFaults.Tests;

/// <summary>The largest document on real servers, whose limits are their own.</summary>
public sealed class LargeStatusTests
{
    [Theory]
    [InlineData(StoreKind.Etcd, 60_000)]
    [InlineData(StoreKind.Consul, 20_000)]
    [InlineData(StoreKind.ZooKeeper, 60_000)]
    public async Task The_status_of_ten_thousand_services_is_stored_and_a_larger_one_refused_with_its_size(StoreKind kind, int tooMany)
    {
        var cancel = TestContext.Current.CancellationToken;
        var missing = TestServers.UnavailableBecause(kind);
        Assert.SkipWhen(missing is not null, missing ?? "");
        await using var servers = await TestServers.StartAsync(new StoreServersSpec(kind), cancel);
        await using var store = await Clients.OpenAsync(servers.ConnectionString("large"), cancel);
        await using var other = await Clients.OpenAsync(servers.ConnectionString("large"), cancel);
        var token = Assert.IsType<LockAttempt.Granted>(await store.TryAcquireAsync(DocumentKeys.ManagerLock, new LockOptions("a", TimeSpan.FromMinutes(5)), cancel)).Handle.Token;
        var status = Statuses.Of(services: 10_000, nodes: 32);
        Assert.True(await new ClusterDocuments(store).TryWriteManagerStatusAsync(status, token, cancel));

        var larger = Statuses.Of(tooMany, nodes: 32);
        var refused = await Assert.ThrowsAsync<StoreException>(() => new ClusterDocuments(store).TryWriteManagerStatusAsync(larger, token, cancel));
        Assert.Equal((StoreError.TooLarge, Applied.No), (refused.Error, refused.Applied));
        Assert.Contains(ManagerStatusDocument.Write(larger).Length.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        Assert.Contains(store.Descriptor.Limits.MaxValueBytes.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(refused.Message);

        // What was there is there still, as another client reads it, and may be written again.
        var read = await new ClusterDocuments(other).ReadManagerStatusAsync(ReadLevel.Linearizable, cancel);
        Assert.Equal(ManagerStatusDocument.Write(status), ManagerStatusDocument.Write(read));
        Assert.True(await new ClusterDocuments(store).TryWriteManagerStatusAsync(status with { Timestamp = 1_700_000_010 }, token, cancel));
    }
}
