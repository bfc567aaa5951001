using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ha.PmxcfsStandIn.Fuse;

/// <summary>One mount, spoken to over /dev/fuse in the kernel's own protocol. That needs no library on the machine, is the same on every
/// architecture, and lets a test end the server exactly as a crash does.</summary>
internal sealed class FuseChannel : IDisposable
{
    private const int MaxWrite = 128 * 1024;
    private const uint Major = 7, Minor = 31, BigWrites = 32;

    private readonly SafeFileHandle _device;
    private readonly SafeFileHandle _wakeReader;
    private readonly SafeFileHandle _wakeWriter;
    private readonly Action<FuseChannel, FuseRequest> _serve;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private bool _closed;

    private FuseChannel(SafeFileHandle device, string name, Action<FuseChannel, FuseRequest> serve)
    {
        (_device, _serve) = (device, serve);
        Span<int> pipe = stackalloc int[2];
        Check(Libc.Pipe(pipe, Libc.CloseOnExec), "pipe");
        (_wakeReader, _wakeWriter) = (new SafeFileHandle(pipe[0], true), new SafeFileHandle(pipe[1], true));
        _thread = new Thread(Read) { Name = $"fuse {name}", IsBackground = true };
    }

    /// <summary>Mounts and begins to serve, each request on the channel's own thread.</summary>
    /// <exception cref="Win32Exception">It cannot be mounted.</exception>
    public static FuseChannel Mount(string target, string name, Action<FuseChannel, FuseRequest> serve)
    {
        var file = Check(Libc.Open("/dev/fuse", Libc.ReadWrite | Libc.NonBlocking | Libc.CloseOnExec), "open /dev/fuse");
        var channel = new FuseChannel(new SafeFileHandle(file, ownsHandle: true), name, serve);
        Check(Libc.Mount("pmxcfs-stand-in", target, "fuse", Libc.NoSuid | Libc.NoDev, $"fd={file},rootmode=40755,user_id=0,group_id=0,default_permissions,allow_other"), $"mount {target}");
        channel._thread.Start();
        return channel;
    }

    /// <summary>Answers with an error, or with nothing.</summary>
    public void Reply(FuseRequest request, Errno error) => Send(request, error, []);

    /// <summary>Answers.</summary>
    public void Reply(FuseRequest request, FuseReply reply) => Send(request, Errno.Ok, reply.ToArray());

    /// <summary>Ends the server as its death would: whoever uses the mount finds it not connected.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        Libc.Write(_wakeWriter, [1], 1);
        _thread.Join();
        _device.Dispose();
        _wakeReader.Dispose();
        _wakeWriter.Dispose();
    }

    private static int Check(int result, string what) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    private void Read()
    {
        var buffer = new byte[MaxWrite + 4096];
        Span<Libc.PollItem> items = [new() { File = (int)_device.DangerousGetHandle(), Events = Libc.CanRead }, new() { File = (int)_wakeReader.DangerousGetHandle(), Events = Libc.CanRead }];
        while (Libc.Poll(items, 2, -1) >= 0 || Marshal.GetLastPInvokeError() == Libc.Interrupted)
        {
            if (items[1].Answer != 0)
                return;
            var length = (int)Libc.Read(_device, buffer, buffer.Length);
            if (length < 0)
            {
                if (Marshal.GetLastPInvokeError() is Libc.Again or Libc.Interrupted or Libc.NoEntry)
                    continue;
                return; // Unmounted.
            }

            var request = new FuseRequest(buffer[..length]);
            if (request.Opcode == FuseOpcode.Init)
                Reply(request, Greeting(request));
            else
                _serve(this, request);
        }
    }

    // struct fuse_init_out.
    private static FuseReply Greeting(FuseRequest request) => new FuseReply()
        .UInt32(Major).UInt32(Minor).UInt32(request.UInt32(8)).UInt32(request.UInt32(12) & BigWrites)
        .UInt16(12).UInt16(9).UInt32(MaxWrite).UInt32(1_000_000_000).UInt16(0).UInt16(0).Bytes(new byte[32]);

    private void Send(FuseRequest request, Errno error, ReadOnlySpan<byte> body)
    {
        var message = new byte[16 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), -(int)error);
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(8), request.Unique);
        body.CopyTo(message.AsSpan(16));
        lock (_gate)
        {
            // A failure means that nobody waits for the answer any more.
            if (!_closed)
                Libc.Write(_device, message, message.Length);
        }
    }
}
