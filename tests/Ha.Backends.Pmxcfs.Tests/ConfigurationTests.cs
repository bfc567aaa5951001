using System.Text;
using Ha.Core.Stores;
using Ha.Hosting;

namespace Ha.Backends.Pmxcfs.Tests;

/// <summary>Changes of several documents, where only one can be written at a time.</summary>
public sealed class ConfigurationTests : StandInTest
{
    private static readonly StoreKey First = DocumentKeys.Inventory;
    private static readonly StoreKey Last = DocumentKeys.Resources;

    [Fact]
    public async Task A_change_of_two_documents_is_written_with_the_resources_last()
    {
        await DocumentChanger.ApplyAsync(A, BothAsync, CancellationToken.None);
        Assert.Equal(("new", "new"), (await GetAsync(B, First), await GetAsync(B, Last)));
    }

    [Fact]
    public async Task A_change_that_stops_halfway_leaves_the_resources_as_they_were_and_can_be_repeated()
    {
        await PutAsync(A, Last, "old");
        Cluster.Fail("a", "rename", PmxcfsStandIn.Errno.Access, 1);
        var failure = await Assert.ThrowsAsync<StoreException>(() => DocumentChanger.ApplyAsync(A, BothAsync, CancellationToken.None));
        Assert.Equal((Applied.No, null, "old"), (failure.Applied, await GetAsync(B, First), await GetAsync(B, Last)));
        await DocumentChanger.ApplyAsync(A, BothAsync, CancellationToken.None);
        Assert.Equal(("new", "new"), (await GetAsync(B, First), await GetAsync(B, Last)));
    }

    [Fact]
    public async Task A_change_that_somebody_was_faster_than_is_decided_again()
    {
        var decisions = 0;
        await DocumentChanger.ApplyAsync(
            A,
            async cancel =>
            {
                var change = await BothAsync(cancel);
                if (decisions++ == 0)
                    await PutAsync(B, Last, "faster");
                return change;
            },
            CancellationToken.None);
        Assert.Equal((2, "new"), (decisions, await GetAsync(B, Last)));
    }

    private async Task<DocumentChange> BothAsync(CancellationToken cancel) => new(
        new Dictionary<StoreKey, KvEntry?>
        {
            [First] = await A.GetAsync(First, ReadLevel.Linearizable, cancel),
            [Last] = await A.GetAsync(Last, ReadLevel.Linearizable, cancel),
        },
        new Dictionary<StoreKey, byte[]> { [First] = Encoding.UTF8.GetBytes("new"), [Last] = Encoding.UTF8.GetBytes("new") });
}
