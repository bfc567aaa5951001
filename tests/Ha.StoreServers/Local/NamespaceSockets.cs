using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ha.StoreServers.Local;

/// <summary>Makes sockets inside a cell's network: a socket belongs to the network of the thread that made it, whoever uses it later. So one thread moves
/// there and makes them all.</summary>
internal sealed class NamespaceSockets : IDisposable
{
    private const int NetworkNamespace = 0x40000000;

    private readonly BlockingCollection<TaskCompletionSource<Socket>> _wanted = [];

    public NamespaceSockets(Cell cell) => new Thread(() => Work(cell.ProcessId)) { IsBackground = true, Name = $"sockets in {cell.ProcessId}" }.Start();

    /// <summary>Makes a TCP socket that is not connected yet.</summary>
    public Task<Socket> CreateAsync()
    {
        var wanted = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted.Add(wanted);
        return wanted.Task;
    }

    public void Dispose() => _wanted.CompleteAdding();

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(SafeHandle file, int kind);

    private void Work(int process)
    {
        Exception? failure = null;
        using (var file = File.OpenHandle($"/proc/{process}/ns/net"))
        {
            if (SetNamespace(file, NetworkNamespace) != 0)
                failure = new StoreServersException("the network of a member cannot be entered", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        foreach (var wanted in _wanted.GetConsumingEnumerable())
        {
            if (failure is null)
                wanted.SetResult(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            else
                wanted.SetException(failure);
        }
    }
}
