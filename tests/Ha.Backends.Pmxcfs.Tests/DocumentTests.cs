using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs.Tests;

/// <summary>Documents and members as others on the cluster file system know them.</summary>
public sealed class DocumentTests : StandInTest
{
    [Fact]
    public async Task Known_documents_are_at_their_paths_and_byte_for_byte_what_was_written()
    {
        (StoreKey Key, string Path)[] documents =
        [
            (DocumentKeys.ManagerStatus, "ha/manager_status"), (DocumentKeys.CrmCommands, "ha/crm_commands"), (DocumentKeys.Resources, "ha/resources.cfg"),
            (DocumentKeys.Rules, "ha/rules.cfg"), (DocumentKeys.Groups, "ha/groups.cfg"), (DocumentKeys.FenceDevices, "ha/fence.cfg"),
            (DocumentKeys.Datacenter, "datacenter.cfg"), (DocumentKeys.LrmStatus(NodeName.Parse("b")), "nodes/b/lrm_status"),
        ];
        foreach (var (key, path) in documents)
        {
            await PutAsync(A, key, $"of {path}");
            Assert.Equal($"of {path}", await File.ReadAllTextAsync(At("c", path)));
        }

        Assert.Equal(
            documents.Select(d => d.Key).Order(),
            (await B.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None)).Entries.Select(e => e.Key));
    }

    [Fact]
    public async Task What_another_program_writes_is_read_and_changes_the_revision()
    {
        await PutAsync(A, DocumentKeys.Resources, "vm: 100\n");
        var seen = await A.GetAsync(DocumentKeys.Resources, ReadLevel.Linearizable, CancellationToken.None);
        await File.WriteAllTextAsync(At("b", "ha/resources.cfg.tmp.77"), "vm: 101\n");
        File.Move(At("b", "ha/resources.cfg.tmp.77"), At("b", "ha/resources.cfg"), overwrite: true);

        Assert.Equal("vm: 101\n", await GetAsync(A, DocumentKeys.Resources));
        var stale = KvBatch.Empty.RequireUnchanged(DocumentKeys.Resources, seen).Put(DocumentKeys.Resources, new byte[1]);
        Assert.IsType<KvOutcome.Conflict>(await A.CommitAsync(stale, CancellationToken.None));
    }

    [Fact]
    public async Task The_status_of_a_node_that_is_not_in_the_cluster_is_refused_and_says_so()
    {
        var failure = await Assert.ThrowsAsync<StoreException>(() => PutAsync(A, DocumentKeys.LrmStatus(NodeName.Parse("stranger")), "{}"));
        Assert.Equal((StoreError.Unavailable, Applied.No), (failure.Error, failure.Applied));
        Assert.Contains("the node is not in the cluster", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("c", "nodes/stranger")));
    }

    [Fact]
    public async Task A_watch_notices_what_other_programs_write_with_and_without_a_counter()
    {
        var status = DocumentKeys.LrmStatus(NodeName.Parse("b"));
        var seen = new HashSet<StoreKey>();

        // A watch polls in real time; this bounds a hang and measures nothing.
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var item in A.WatchAsync(StoreKey.Root, WatchOptions.Default, cancel.Token))
        {
            if (item is WatchItem.Snapshot)
            {
                await File.WriteAllTextAsync(At("b", "ha/manager_status"), "{}");
                await File.WriteAllTextAsync(At("b", "nodes/b/lrm_status"), "{}");
            }

            if (item is WatchItem.Changed { Now: not null } changed)
                seen.Add(changed.Key);
            if (seen.SetEquals([DocumentKeys.ManagerStatus, status]))
                return;
        }
    }

    [Fact]
    public async Task Members_are_those_of_the_cluster_and_online_as_it_sees_them()
    {
        var self = NodeName.Parse("a");
        Assert.Equal("a", await A.ReadOwnNameAsync(CancellationToken.None));
        Assert.Equal((true, "a b c"), Seen(await A.ReadMembersAsync(self, CancellationToken.None)));
        Cluster.Stop("c");
        Assert.Equal((true, "a b (c)"), Seen(await A.ReadMembersAsync(self, CancellationToken.None)));
        Cluster.Stop("b");
        Assert.Equal((false, "a b (c)"), Seen(await A.ReadMembersAsync(self, CancellationToken.None)));

        static (bool, string) Seen(ClusterView view) => (view.Quorate, string.Join(' ', view.Nodes.Select(n => n.Value ? $"{n.Key}" : $"({n.Key})")));
    }

    [Fact]
    public async Task A_folder_that_is_no_cluster_file_system_is_refused_by_its_path()
    {
        var options = new PmxcfsOptions(Path.GetTempPath().TrimEnd('/'), TimeSpan.FromSeconds(10));
        var failure = await Assert.ThrowsAsync<StoreException>(() => PmxcfsStore.OpenAsync(options, new StoreContext(Clock, Time, Guid.Empty), CancellationToken.None));
        Assert.StartsWith($"'{options.Root}' is not a mounted cluster file system", failure.Message, StringComparison.Ordinal);
    }
}
