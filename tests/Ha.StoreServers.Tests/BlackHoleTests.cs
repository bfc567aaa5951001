using System.Net;
using System.Net.Sockets;

namespace Ha.StoreServers.Tests;

public sealed class BlackHoleTests
{
    [Fact]
    public async Task Connecting_to_a_black_hole_neither_succeeds_nor_fails()
    {
        using var hole = await BlackHole.OpenAsync(TestContext.Current.CancellationToken);
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1)); // The kernel's queue knows no clock of ours.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.ConnectAsync(IPEndPoint.Parse(hole.Endpoint), limit.Token));
    }
}
