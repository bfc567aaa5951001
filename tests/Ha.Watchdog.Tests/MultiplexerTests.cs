using System.Net.Sockets;
using Ha.Watchdog.Tests.Support;

namespace Ha.Watchdog.Tests;

/// <summary>Sockets, marker and device together, in virtual time.</summary>
public sealed class MultiplexerTests : IDisposable
{
    private readonly MuxBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Without_clients_the_device_is_kept_alive()
    {
        _bench.Pass(300);
        Assert.Equal(300, _bench.Device.KeepAlives);
        Assert.False(_bench.HasMarker);
    }

    [Fact]
    public void Two_clients_that_write_every_10_seconds_get_a_keepalive_in_every_tick()
    {
        var (a, b) = (_bench.Connect(), _bench.Connect());
        for (var i = 0; i < 30; i++)
        {
            _bench.Pass(10);
            _bench.Send(a, 0);
            _bench.Send(b, 0);
        }

        Assert.Equal(300, _bench.Device.KeepAlives);
        Assert.Equal(["added new client (PID n) to watch", "added new client (PID n) to watch"], _bench.Lines);
    }

    [Fact]
    public void A_chatty_client_does_not_hold_up_keepalives()
    {
        var client = _bench.Connect();
        for (var tenth = 0; tenth < 150; tenth++)
        {
            _bench.Now += TimeSpan.FromMilliseconds(100);
            _bench.Send(client, 0);
            if (tenth % 10 == 9)
                _bench.Mux.Tick();
        }

        Assert.Equal(15, _bench.Device.KeepAlives);
    }

    [Fact]
    public void A_clean_close_forgets_the_client_and_life_goes_on()
    {
        var client = _bench.Connect();
        Assert.True(_bench.HasMarker);
        _bench.Send(client, 0);
        client.Send("V"u8);
        _bench.Close(client);
        Assert.False(_bench.HasMarker);
        Assert.Equal(
            ["added new client (PID n) to watch",
             "client (PID n) has disconnected cleanly. Removing it gracefully from the watch",
             "all watchdog client connections to the multiplexer closed"], _bench.Lines);
        _bench.Pass(300);
        Assert.Equal(300, _bench.Device.KeepAlives);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Vx")]
    public void A_close_without_V_stops_keepalives_and_leaves_marker_and_device_as_they_are(string sent)
    {
        var client = _bench.Connect();
        client.Send(System.Text.Encoding.ASCII.GetBytes(sent));
        _bench.Close(client);
        Assert.True(_bench.Mux.IsDone);
        Assert.False(_bench.IsFeeding());
        _bench.Mux.Finish();
        Assert.Equal(["client (PID n) did not stop watchdog - disable watchdog updates", "exit watchdog-mux with active connections"], _bench.Lines.Skip(1));
        Assert.True(_bench.HasMarker);
        Assert.False(_bench.Device.IsDisarmed);
        Assert.False(File.Exists(_bench.Options.Socket));
        Assert.Equal(2, _bench.Journal.Syncs);
    }

    [Fact]
    public void One_client_gone_cleanly_does_not_clear_the_marker_of_another()
    {
        var (a, b) = (_bench.Connect(), _bench.Connect());
        _bench.Send(a, (byte)'V');
        _bench.Close(a);
        Assert.True(_bench.HasMarker);
        _bench.Send(b, (byte)'V');
        _bench.Close(b);
        Assert.False(_bench.HasMarker);
    }

    [Fact]
    public void A_silent_client_ends_the_program_armed()
    {
        _bench.Connect();
        _bench.Pass(60);
        Assert.False(_bench.Mux.IsDone);
        _bench.Pass(1);
        Assert.True(_bench.Mux.IsDone);
        Assert.Equal(60, _bench.Device.KeepAlives);
        _bench.Mux.Finish();
        Assert.False(_bench.Device.IsDisarmed);
        Assert.True(_bench.HasMarker);
    }

    [Fact]
    public void A_deadline_that_has_passed_ends_keepalives_before_the_next_tick()
    {
        var client = _bench.Connect();
        _bench.Send(client, Frames.Until(_bench.Now - TimeSpan.FromMilliseconds(1)));
        Assert.True(_bench.Mux.IsDone);
        Assert.False(_bench.IsFeeding());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_half_closed_connection_is_a_closed_one(bool cleanly)
    {
        var client = _bench.Connect();
        _bench.Send(client, (byte)(cleanly ? 'V' : 'x'));
        client.Shutdown(SocketShutdown.Send);
        _bench.Pump();
        Assert.Equal(!cleanly, _bench.Mux.IsDone);
        Assert.Equal(cleanly, _bench.IsFeeding());
    }

    [Fact]
    public void The_99th_client_is_refused_and_the_others_live_on()
    {
        var clients = Enumerable.Range(0, 98).Select(_ => _bench.Connect()).ToList();
        var refused = _bench.Connect();
        Assert.Equal(0, refused.Receive(new byte[1]));
        Assert.Equal("unable to alloc wd_client structure: connection refused, 98 clients are connected", _bench.Lines.Last());
        Assert.True(_bench.IsFeeding());

        _bench.Send(clients[50], (byte)'V');
        _bench.Close(clients[50]);
        _bench.Connect();
        Assert.Equal("added new client (PID n) to watch", _bench.Lines.Last());
    }

    [Fact]
    public void A_client_whose_marker_cannot_be_set_is_refused()
    {
        File.WriteAllText(_bench.Options.ActiveMarker, "in the way");
        var client = _bench.Connect();
        Assert.Equal(0, client.Receive(new byte[1]));
        Assert.StartsWith("unable to create active marker: connection refused", _bench.Lines.Last(), StringComparison.Ordinal);
        Assert.True(_bench.IsFeeding());
    }

    [Fact]
    public void A_framed_client_is_answered_once_and_a_plain_one_never()
    {
        var (framed, plain) = (_bench.Connect(), _bench.Connect());
        _bench.Send(framed, Frames.Until(_bench.Now + TimeSpan.FromSeconds(5)));
        _bench.Send(framed, Frames.Until(_bench.Now + TimeSpan.FromSeconds(6)));
        _bench.Send(plain, 0);
        Assert.Equal(1, framed.Available);
        Assert.Equal(0, plain.Available);
    }

    [Fact]
    public void A_framed_client_that_never_read_its_answer_still_closes_cleanly()
    {
        var client = _bench.Connect();
        _bench.Send(client, Frames.Until(_bench.Now + TimeSpan.FromSeconds(5)));
        client.Send("V"u8);
        _bench.Close(client);
        Assert.True(_bench.IsFeeding());
        Assert.False(_bench.HasMarker);
    }

    [Fact]
    public void A_failed_keepalive_is_reported_and_tried_again()
    {
        _bench.Device.KeepAliveError = "Input/output error";
        _bench.Pass(2);
        Assert.Equal(2, _bench.Device.KeepAlives);
        Assert.Equal(["watchdog update failed: Input/output error", "watchdog update failed: Input/output error"], _bench.Lines);
    }

    [Fact]
    public void Terminating_without_clients_disarms()
    {
        _bench.Mux.Terminate();
        _bench.Pump();
        Assert.True(_bench.Mux.IsDone);
        _bench.Mux.Finish();
        Assert.Equal(["got terminate request", "clean exit"], _bench.Lines);
        Assert.Equal("disarm", _bench.Device.Calls[^1]);
        Assert.False(_bench.IsFeeding());
    }

    [Fact]
    public void Terminating_with_clients_leaves_the_device_armed()
    {
        _bench.Connect();
        _bench.Mux.Terminate();
        _bench.Pump();
        _bench.Mux.Finish();
        Assert.Equal(["got terminate request", "exit watchdog-mux with active connections"], _bench.Lines.Skip(1));
        Assert.False(_bench.Device.IsDisarmed);
        Assert.True(_bench.HasMarker);
        Assert.False(_bench.IsFeeding());
    }

    [Fact]
    public void A_client_that_left_just_before_the_terminate_request_does_not_count()
    {
        var client = _bench.Connect();
        client.Send("V"u8);
        client.Dispose();
        _bench.Mux.Terminate();
        _bench.Mux.Step(timeoutMilliseconds: 0);
        Assert.True(_bench.Mux.IsDone);
        _bench.Mux.Finish();
        Assert.True(_bench.Device.IsDisarmed);
    }

    [Fact]
    public void A_hang_up_signal_is_ignored_with_a_message()
    {
        _bench.Mux.HangUp();
        _bench.Pump();
        Assert.Equal(["got SIGHUP - ignored"], _bench.Lines);
        Assert.False(_bench.Mux.IsDone);
    }

    [Fact]
    public void A_tick_with_healthy_clients_allocates_nothing()
    {
        _bench.Connect();
        _bench.Device.Calls.Capacity = 1000;
        _bench.Mux.Tick();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            _bench.Mux.Tick();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_socket_admits_its_owner_only()
    {
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_bench.Options.Socket) & (UnixFileMode)0x3F);
    }
}
