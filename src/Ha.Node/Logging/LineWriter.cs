namespace Ha.Node.Logging;

/// <summary>Writes lines from a thread of its own: whoever reads our output may be slow or stopped, and must not hold up a round.</summary>
public sealed class LineWriter : IDisposable
{
    private const int MostWaiting = 4096;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Queue<string> _waiting = new();
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _more = new(false);
    private readonly TextWriter _output;
    private readonly Thread _thread;
    private long _lost;
    private volatile bool _ending;

    /// <summary>Begins.</summary>
    /// <param name="output">Where lines go.</param>
    public LineWriter(TextWriter output)
    {
        _output = output;
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Takes a line; never blocks. When too many wait, the line is counted instead of kept.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            if (_waiting.Count < MostWaiting)
                _waiting.Enqueue(line);
            else
                _lost++;
        }

        _more.Set();
    }

    /// <summary>Writes what is waiting, for at most a second, and ends.</summary>
    public void Dispose()
    {
        _ending = true;
        _more.Set();
        if (_thread.Join(LastWords))
            _more.Dispose();
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                while (Take() is { } line)
                    _output.WriteLine(line);
                _output.Flush();
                if (_ending)
                    return;
                _more.WaitOne();
            }
        }
        catch (IOException)
        {
            // The reader is gone; we are not.
        }
    }

    private string? Take()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var line))
                return line;
            if (_lost == 0)
                return null;
            var lost = _lost;
            _lost = 0;
            return $"({lost} lines lost: the reader of this output was too slow)";
        }
    }
}
