using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs.Tests;

/// <summary>What the adapter asks of the file system, counted by the stand-in.</summary>
public sealed class CostTests : StandInTest
{
    [Fact]
    public async Task A_document_costs_the_messages_of_its_temporary_file_and_one_rename()
    {
        await PutAsync(A, Status, "{}");
        var node = Cluster["a"];
        var before = node.Messages;
        for (var i = 0; i < 20; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1)); // Within one second the time of the file would have to be set on.
            await PutAsync(A, Status, $"{{\"round\":{i}}}");
        }

        // Create, write, rename.
        Assert.Equal(3 * 20, node.Messages - before);
    }

    [Fact]
    public async Task A_renewal_costs_one_message()
    {
        var handle = await AcquireAsync(A, "a/crm");
        var before = Cluster["a"].Messages;
        for (var i = 0; i < 20; i++)
            Assert.IsType<RenewAnswer.Renewed>(await RenewAsync(handle));
        Assert.Equal(20, Cluster["a"].Messages - before);
    }

    [Fact]
    public async Task Reading_and_looking_cost_the_cluster_nothing()
    {
        await PutAsync(A, Status, "{}");
        var before = Cluster["a"].Messages;
        await GetAsync(A, Status);
        await A.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None);
        await A.InspectAsync(Lock, CancellationToken.None);
        Assert.Equal(before, Cluster["a"].Messages);
    }
}
