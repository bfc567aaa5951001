using Ha.Core.Stores;

namespace Ha.Backends.Consul.Wire;

/// <summary>The ACL token, from a file that is looked at again once a second at the most.</summary>
internal sealed class ConsulToken
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly string? _file;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private string? _token;
    private DateTime _written;
    private long _lookedAt;

    /// <param name="file">Null: there is no token.</param>
    /// <param name="time">Counts the pace.</param>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>: the file cannot be read, or holds no token.</exception>
    public ConsulToken(string? file, TimeProvider time)
    {
        (_file, _time) = (file, time);
        if (file is null)
            return;
        (_token, _written) = Read(file);
        _lookedAt = time.GetTimestamp();
    }

    public string? File => _file;

    /// <summary>The token to send; null: none.</summary>
    public string? Current
    {
        get
        {
            if (_file is null)
                return null;
            lock (_gate)
            {
                if (_time.GetElapsedTime(_lookedAt) >= Pace)
                    Look(_file);
                return _token;
            }
        }
    }

    /// <summary>Looks at the file now: a server has refused the token.</summary>
    /// <returns>Whether there is another token to try.</returns>
    public bool IsReplaced(string? refused)
    {
        if (_file is null)
            return false;
        lock (_gate)
        {
            Look(_file);
            return _token != refused;
        }
    }

    // While the file is being replaced it may be missing or empty: then the old token stands.
    private void Look(string file)
    {
        _lookedAt = _time.GetTimestamp();
        try
        {
            if (System.IO.File.GetLastWriteTimeUtc(file) != _written)
                (_token, _written) = Read(file);
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            // The next look, or the server's refusal, tells.
        }
    }

    private static (string Token, DateTime Written) Read(string file)
    {
        try
        {
            var written = System.IO.File.GetLastWriteTimeUtc(file);
            var token = System.IO.File.ReadAllText(file).Trim();
            return token.Length > 0 && token.All(char.IsAscii) && !token.Any(char.IsControl) ? (token, written) : throw Unusable(file, "it holds no token", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(file, e.Message, e);
        }
    }

    private static StoreException Unusable(string file, string why, Exception? cause) =>
        new(StoreError.Mismatch, Applied.No, $"the Consul token file '{file}' cannot be used: {why}; write the ACL token into it, readable for the user the daemons run as", cause);
}
