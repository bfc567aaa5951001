using Ha.Watchdog.Tests.Support;

namespace Ha.Watchdog.Tests;

/// <summary>The decisions, in virtual time. One client in slot 0, connected at <see cref="Start"/>, time-out 60 s, unless said otherwise.</summary>
public sealed class ClientTableTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);
    private readonly FakeJournal _journal = new();
    private readonly ClientTable _table;

    public ClientTableTests()
    {
        _table = new ClientTable(3, TimeSpan.FromSeconds(60), _journal);
        _table.Add(0, 4711, Start);
    }

    [Fact]
    public void A_silent_client_is_warned_about_after_50_seconds_and_expires_after_60()
    {
        Assert.True(TickAt(50));
        Assert.Equal(["added new client (PID 4711) to watch"], _journal.Lines);
        Assert.True(TickAt(51));
        Assert.Equal("client (PID 4711) watchdog is about to expire", _journal.Lines[^1]);
        Assert.Equal(1, _journal.Syncs);
        Assert.True(TickAt(60));
        Assert.Equal(2, _journal.Lines.Count);
        Assert.False(TickAt(61));
        Assert.Equal("client (PID 4711) watchdog expired - disable watchdog updates", _journal.Lines[^1]);
    }

    [Fact]
    public void A_client_can_be_warned_and_averted_again_and_again()
    {
        for (var second = 55; second <= 55 * 3; second += 55)
        {
            Assert.True(TickAt(second));
            Send(second, 0);
            Assert.True(TickAt(second + 1));
        }

        string[] pair = ["client (PID 4711) watchdog is about to expire", "client (PID 4711) watchdog was updated before expiring"];
        Assert.Equal([.. pair, .. pair, .. pair], _journal.Lines.Skip(1));
    }

    [Fact]
    public void Once_expired_a_client_saves_nobody_by_feeding_again()
    {
        Assert.False(TickAt(61));
        Send(62, 0);
        Assert.False(TickAt(63));
    }

    [Fact]
    public void One_silent_client_condemns_all_and_every_client_is_looked_at()
    {
        _table.Add(1, 2, Start + Seconds(10));
        _table.Add(2, 3, Start);
        _table.Receive(2, [0], Start + Seconds(30));
        Assert.False(TickAt(65));
        Assert.Contains("client (PID 4711) watchdog expired - disable watchdog updates", _journal.Lines);
        Assert.Contains("client (PID 2) watchdog is about to expire", _journal.Lines);
        Assert.DoesNotContain(_journal.Lines, l => l.Contains("PID 3) w", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData('V')]
    [InlineData(0xF5)]
    [InlineData(0xFF)]
    public void Any_byte_feeds_a_plain_client(byte value)
    {
        for (var second = 40; second <= 400; second += 40)
            Send(second, value);
        Assert.True(TickAt(450));
    }

    [Theory]
    [InlineData("V", true)]
    [InlineData("xxV", true)]
    [InlineData("", false)]
    [InlineData("Vx", false)]
    [InlineData("VxV", true)]
    public void Only_a_V_as_the_very_last_byte_makes_the_close_clean(string sent, bool clean)
    {
        foreach (var c in sent)
            Send(1, (byte)c);
        Assert.Equal(clean, _table.Remove(0));
        Assert.Equal(clean, _table.IsFeeding);
        Assert.Equal(clean ? 0 : 1, _table.ActiveCount);
    }

    [Fact]
    public void A_frame_trusts_its_client_until_its_deadline_and_no_longer()
    {
        SendFrame(at: 1, until: 8);
        Assert.True(TickAt(8));
        Assert.False(TickAt(8.001));
    }

    [Fact]
    public void A_frame_with_a_far_deadline_trusts_its_client_for_the_client_timeout_only()
    {
        SendFrame(at: 1, until: 100_000);
        Assert.True(TickAt(61));
        Assert.False(TickAt(61.001));
    }

    [Fact]
    public void A_frame_whose_deadline_has_passed_expires_its_client_at_once()
    {
        SendFrame(at: 1, until: 20);
        SendFrame(at: 10, until: 9);
        Assert.False(_table.IsFeeding);
        Assert.Equal("client (PID 4711) watchdog expired - disable watchdog updates", _journal.Lines[^1]);
    }

    [Fact]
    public void Of_frames_read_together_the_last_one_is_the_clients_word()
    {
        _table.Receive(0, [.. Frames.Until(Start + Seconds(5)), .. Frames.Until(Start + Seconds(30))], Start + Seconds(7));
        Assert.True(TickAt(30));
        Assert.False(TickAt(31));
    }

    [Fact]
    public void A_later_frame_can_shorten_the_trust()
    {
        SendFrame(at: 1, until: 40);
        SendFrame(at: 2, until: 10);
        Assert.False(TickAt(11));
    }

    [Fact]
    public void A_frame_that_arrives_in_pieces_counts_when_it_is_whole()
    {
        SendFrame(at: 1, until: 10);
        var frame = Frames.Until(Start + Seconds(30));
        for (var i = 0; i < frame.Length; i++)
            Send(2, frame[i]);
        Assert.True(TickAt(30));
    }

    [Fact]
    public void Half_a_frame_extends_nothing()
    {
        SendFrame(at: 1, until: 10);
        _table.Receive(0, Frames.Until(Start + Seconds(30)).AsSpan(0, 23), Start + Seconds(2));
        Assert.False(TickAt(11));
    }

    [Fact]
    public void A_damaged_frame_never_extends_a_life_whichever_bit_is_wrong()
    {
        for (var bit = 0; bit < 24 * 8; bit++)
        {
            var table = new ClientTable(1, TimeSpan.FromSeconds(60), new FakeJournal());
            table.Add(0, 1, Start);
            table.Receive(0, Frames.Until(Start + Seconds(10)), Start);
            var frame = Frames.Until(Start + Seconds(30));
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            table.Receive(0, frame, Start + Seconds(1));
            table.Receive(0, Frames.Until(Start + Seconds(30)), Start + Seconds(2));
            Assert.False(table.Tick(Start + Seconds(11)), $"bit {bit}");
        }
    }

    [Fact]
    public void After_a_damaged_frame_the_close_is_not_clean_either()
    {
        SendFrame(at: 1, until: 10);
        Send(2, 0x00);
        Send(3, (byte)'V');
        _table.Remove(0);
        Assert.False(_table.IsFeeding);
        Assert.Contains("client (PID 4711) sent a damaged frame - nothing it sends counts any more", _journal.Lines);
    }

    [Fact]
    public void A_V_between_frames_is_a_farewell_and_extends_nothing()
    {
        SendFrame(at: 1, until: 10);
        Send(2, (byte)'V');
        Assert.False(TickAt(11));
        Assert.True(_table.Remove(0));
    }

    [Fact]
    public void A_frame_after_the_V_takes_the_farewell_back()
    {
        SendFrame(at: 1, until: 10);
        Send(2, (byte)'V');
        SendFrame(at: 3, until: 12);
        _table.Remove(0);
        Assert.False(_table.IsFeeding);
    }

    [Fact]
    public void A_V_inside_a_frame_is_no_farewell()
    {
        SendFrame(at: 1, until: 10);
        _table.Receive(0, [.. Frames.Until(Start + Seconds(30)).AsSpan(0, 8), (byte)'V'], Start + Seconds(2));
        _table.Remove(0);
        Assert.False(_table.IsFeeding);
    }

    [Fact]
    public void A_magic_that_trickles_in_extends_nothing_beyond_the_time_of_connecting()
    {
        byte[] magic = [0xF5, 0x48, 0x57, 0x44];
        for (var i = 0; i < magic.Length; i++)
            Send(i * 15, magic[i]);
        Assert.True(TickAt(60));
        Assert.False(TickAt(61));
    }

    [Fact]
    public void A_connection_that_began_plain_stays_plain()
    {
        Send(1, 0);
        SendFrame(at: 2, until: 5);
        Assert.True(TickAt(62));
        Assert.False(TickAt(63));
    }

    [Fact]
    public void Only_the_first_good_frame_asks_for_an_answer()
    {
        Assert.True(_table.Receive(0, Frames.Until(Start + Seconds(10)), Start));
        Assert.False(_table.Receive(0, Frames.Until(Start + Seconds(11)), Start));
        _table.Add(1, 2, Start);
        Assert.False(_table.Receive(1, [0], Start));
    }

    [Fact]
    public void Plain_and_framed_clients_are_watched_side_by_side()
    {
        _table.Add(1, 2, Start);
        for (var second = 1; second < 200; second++)
        {
            Send(second, 0);
            _table.Receive(1, Frames.Until(Start + Seconds(second + 5)), Start + Seconds(second));
            Assert.True(TickAt(second));
        }

        Assert.False(TickAt(205));
        Assert.Equal("client (PID 2) watchdog expired - disable watchdog updates", _journal.Lines[^1]);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private bool TickAt(double second) => _table.Tick(Start + Seconds(second));

    private void Send(double at, byte value) => _table.Receive(0, [value], Start + Seconds(at));

    private void SendFrame(double at, double until) => _table.Receive(0, Frames.Until(Start + Seconds(until)), Start + Seconds(at));
}
