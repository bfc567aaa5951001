using Ha.Backends.ZooKeeper.Wire;

namespace Ha.Backends.ZooKeeper;

/// <summary>Keeps a session alive while nothing else is sent, and ends a connection that has fallen silent.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    // Short enough that a call finds a dead connection already replaced, long enough for a server that collects garbage.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private const int SilentBeats = 2;

    private readonly ZkConnection _connection;
    private readonly ITimer _timer;
    private readonly TimeSpan _interval;
    private int _silent;

    public Heartbeat(ZkConnection connection, TimeProvider time)
    {
        _connection = connection;
        _interval = connection.Session.Timeout / 4 < Longest ? connection.Session.Timeout / 4 : Longest;
        _timer = time.CreateTimer(static beat => ((Heartbeat)beat!).Beat(), this, _interval, _interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Beat()
    {
        _silent = _connection.TakeHeard() ? 0 : _silent + 1;
        if (_silent > SilentBeats)
            _connection.Close($"nothing was heard for {(_interval * _silent).TotalSeconds:0.#} s");
        else
            _connection.Ping();
    }
}
