using System.Net.Http.Json;
using Ha.StoreServers.Local;

namespace Ha.StoreServers.Tests;

/// <summary>Real servers, so real time.</summary>
[Collection("local")]
public sealed class FullDiskTests
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_whose_disk_is_full_writes_nothing_until_it_has_room_again()
    {
        var provider = new LocalServersProvider();
        // etcd asks for two logs of 64 MiB when it begins.
        var spec = new StoreServersSpec(StoreKind.Etcd) { DiskBytes = 192L << 20 };
        Assert.SkipWhen(provider.UnavailableBecause(spec) is not null, provider.UnavailableBecause(spec) ?? "");
        await using var servers = await provider.StartAsync(spec, Cancel);
        var only = servers.Members[0];
        Assert.True(await PutAsync(1));

        await only.FillDiskAsync();
        // Its logs have room of their own for a while.
        var written = 0;
        while (written < 300 && await PutAsync(1_000_000))
            written++;
        Assert.InRange(written, 0, 299);

        await only.FreeDiskAsync();
        if (!only.IsRunning)
            await only.StartAsync();
        await servers.WaitUntilReadyAsync(Cancel);
        Assert.True(await PutAsync(1));

        async Task<bool> PutAsync(int length)
        {
            try
            {
                var body = new { key = "a2V5", value = Convert.ToBase64String(new byte[length]) };
                using var reply = await Http.PostAsJsonAsync(new Uri($"http://{only.Endpoint}/v3/kv/put"), body, Cancel);
                return reply.IsSuccessStatusCode;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Cancel.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
