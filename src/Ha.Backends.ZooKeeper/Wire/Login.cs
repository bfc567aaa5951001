using System.Security.Cryptography;
using System.Text;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>Says who we are on a connection whose session has begun.</summary>
internal static class Login
{
    private const string Remedy = "check user and password-file, and what the server knows";

    /// <summary>Logs in.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Unauthenticated"/>: refused, or the password's file cannot be read.</exception>
    public static async Task RunAsync(Stream stream, Endpoint endpoint, ZooKeeperLogin login, CancellationToken cancel)
    {
        var password = Password(login);
        try
        {
            if (login.Scheme == ZooKeeperLoginScheme.Digest)
                await DigestAsync(stream, endpoint, login.User, password, cancel);
            else
                await SaslAsync(stream, endpoint, login.User, password, cancel);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            throw Refused($"{endpoint} hung up while '{login.User}' was logging in: {Remedy}", e);
        }
    }

    private static async Task DigestAsync(Stream stream, Endpoint endpoint, string user, string password, CancellationToken cancel)
    {
        var answer = await FrameExchange.AskAsync(
            stream,
            writer =>
            {
                writer.Int(OpCode.AuthXid);
                writer.Int(OpCode.Auth);
                writer.Int(0);
                writer.Text("digest");
                writer.Bytes(Encoding.UTF8.GetBytes($"{user}:{password}"));
            },
            cancel);
        if (Header(answer).Error is var error and not ZkError.Ok)
            throw Refused($"{endpoint} refuses user '{user}' ({error}): {Remedy}");
    }

    private static async Task SaslAsync(Stream stream, Endpoint endpoint, string user, string password, CancellationToken cancel)
    {
        var mechanism = new SaslDigestMd5(user, password, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var challenge = await TokenAsync([], 1);
        var proof = await TokenAsync(mechanism.Respond(challenge), 2);
        if (!mechanism.IsProvenBy(proof))
            throw Refused($"{endpoint} could not prove that it knows the password of '{user}': it may not be the server it should be");

        async Task<byte[]> TokenAsync(byte[] token, int xid)
        {
            var answer = await FrameExchange.AskAsync(
                stream,
                writer =>
                {
                    writer.Int(xid);
                    writer.Int(OpCode.Sasl);
                    writer.Bytes(token);
                },
                cancel);
            if (Header(answer).Error is var error and not ZkError.Ok)
                throw Refused($"{endpoint} refuses user '{user}' ({error}): {Remedy}");
            return Token(answer);
        }
    }

    private static byte[] Token(byte[] answer)
    {
        var reader = new JuteReader(answer);
        ReadHeader(ref reader);
        return reader.Bytes(out _).ToArray();
    }

    private static ReplyHeader Header(byte[] answer)
    {
        var reader = new JuteReader(answer);
        return ReadHeader(ref reader);
    }

    private static ReplyHeader ReadHeader(ref JuteReader reader) => new(reader.Int(), (ulong)reader.Long(), (ZkError)reader.Int());

    private static string Password(ZooKeeperLogin login)
    {
        try
        {
            return File.ReadAllText(login.PasswordFile).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused($"the password of '{login.User}' cannot be read from '{login.PasswordFile}': {e.Message}", e);
        }
    }

    private static StoreException Refused(string message, Exception? cause = null) => new(StoreError.Unauthenticated, Applied.No, message, cause);
}
