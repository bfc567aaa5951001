using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ha.StoreServers.Tests;

/// <summary>What a client gets from a server.</summary>
public enum Answer
{
    /// <summary>A reply.</summary>
    Given,

    /// <summary>Nothing, within two seconds.</summary>
    None,

    /// <summary>A refused or cut connection.</summary>
    Refused,
}

/// <summary>A question that any client may ask a server.</summary>
internal static class ClientQuestion
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Asks the first member.</summary>
    public static async Task<Answer> AskAsync(IStoreServers servers, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var client = new TcpClient();
        try
        {
            var endpoint = IPEndPoint.Parse(servers.Members[0].Endpoint);
            await client.ConnectAsync(endpoint, limit.Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Text(servers.Spec.Kind)), limit.Token);
            return await client.GetStream().ReadAsync(new byte[1], limit.Token) == 1 ? Answer.Given : Answer.Refused;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Answer.None;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return Answer.Refused;
        }
    }

    /// <summary>The question in the server's protocol.</summary>
    public static string Text(StoreKind kind) => kind is StoreKind.ZooKeeper ? "srvr" : "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
}
