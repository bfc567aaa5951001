using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Paths and queries of Consul's HTTP interface.</summary>
internal sealed class ConsulPaths
{
    private readonly string _place;

    public ConsulPaths(ConsulOptions options)
    {
        _place = (options.DataCenter is { } dc ? $"&dc={Uri.EscapeDataString(dc)}" : "") + (options.Namespace is { } ns ? $"&ns={Uri.EscapeDataString(ns)}" : "");
        Write = "/v1/txn" + Alone(_place);
        // Conditions alone are a read, whose answer could be a deposed leader's.
        Check = "/v1/txn?consistent" + _place;
        CreateSession = "/v1/session/create" + Alone(_place);
        Self = "/v1/agent/self";
    }

    public string Write { get; }

    public string Check { get; }

    public string CreateSession { get; }

    public string Self { get; }

    public string Get(string key, ReadLevel level) => $"/v1/kv/{key}?{Level(level)}{_place}";

    /// <summary>Only the value.</summary>
    public string GetRaw(string key, ReadLevel level) => $"/v1/kv/{key}?raw&{Level(level)}{_place}";

    public string List(string prefix, ReadLevel level) => $"/v1/kv/{prefix}?recurse&{Level(level)}{_place}";

    /// <summary>The first segments under a prefix, once its index is not <paramref name="index"/> any more or the wait is over.</summary>
    public string Await(string prefix, ulong index, TimeSpan wait) =>
        $"/v1/kv/{prefix}?keys&separator=/&consistent&index={index}&wait={(long)wait.TotalMilliseconds}ms{_place}";

    public string RenewSession(string session) => $"/v1/session/renew/{session}{Alone(_place)}";

    public string DestroySession(string session) => $"/v1/session/destroy/{session}{Alone(_place)}";

    private static string Alone(string place) => place.Length == 0 ? "" : "?" + place[1..];

    private static string Level(ReadLevel level) => level switch
    {
        ReadLevel.Linearizable => "consistent",
        ReadLevel.Stale => "stale",
    };
}
