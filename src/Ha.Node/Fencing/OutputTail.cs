namespace Ha.Node.Fencing;

/// <summary>The last lines that a process printed, of bounded number and length.</summary>
internal sealed class OutputTail
{
    private const int MostLines = 20;
    private const int LongestLine = 500;

    private readonly Queue<string> _lines = new();

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>Reads to the end. Never fails: output that cannot be read is no output.</summary>
    public async Task ReadAsync(TextReader output)
    {
        var buffer = new char[1024];
        var line = new System.Text.StringBuilder();
        try
        {
            for (int count; (count = await output.ReadAsync(buffer)) > 0;)
            {
                foreach (var c in buffer.AsSpan(0, count))
                    Append(line, c);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The reader is gone.
        }

        Append(line, '\n');
    }

    // A program that prints for ever without a line feed costs no more than a line.
    private void Append(System.Text.StringBuilder line, char c)
    {
        if (c != '\n')
        {
            if (line.Length < LongestLine)
                line.Append(char.IsControl(c) ? ' ' : c);
            return;
        }

        if (line.ToString().TrimEnd() is { Length: > 0 } text)
        {
            lock (_lines)
            {
                _lines.Enqueue(text);
                if (_lines.Count > MostLines)
                    _lines.Dequeue();
            }
        }

        line.Clear();
    }
}
