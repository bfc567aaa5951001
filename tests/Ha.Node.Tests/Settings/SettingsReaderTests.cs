using Ha.Core.Config;
using Ha.Hosting.Settings;

namespace Ha.Node.Tests.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private static readonly Dictionary<string, string> Schemes = new(StringComparer.Ordinal)
    {
        ["sqlite"] = "sqlite:///var/lib/ha/store.db",
        ["etcd"] = "etcd://a:2379,b:2379/ha",
    };

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_store_is_all_that_must_be_set()
    {
        var settings = Read("""{ "Store": "sqlite:///tmp/x.db" }""").Settings!;
        Assert.Equal("sqlite:///tmp/x.db", settings.Store);
        Assert.Equal(TimingProfile.Standard, settings.Profile);
        Assert.Equal("/run/ha", settings.RunDirectory);
        Assert.Equal("/run/ha/watchdog-mux.sock", settings.WatchdogSocket);
        Assert.Null(settings.MaxWorkers);
    }

    [Fact]
    public void The_command_line_stands_over_the_file()
    {
        var settings = Read("""{ "Node": "a", "Store": { "Kind": "sqlite", "Path": "/x" }, "Profile": "fast" }""", ("Store", "sqlite:///y"), ("Node", "b")).Settings!;
        Assert.Equal("sqlite:///y", settings.Store);
        Assert.Equal("b", settings.Node.Value);
        Assert.Equal(TimingProfile.Fast, settings.Profile);
    }

    [Theory]
    [InlineData("""{ "Kind": "sqlite", "Path": "/var/lib/my store.db" }""", "sqlite:///var/lib/my%20store.db")]
    [InlineData("""{ "Kind": "etcd", "Endpoints": ["a:1", "b:2"], "Prefix": "/ha", "Options": { "tls": "true", "ca": "/etc/ca" } }""", "etcd://a:1,b:2/ha?ca=%2Fetc%2Fca&tls=true")]
    public void A_store_may_be_a_section(string section, string connection) =>
        Assert.Equal(connection, Read($$"""{ "Store": {{section}} }""").Settings!.Store);

    [Fact]
    public void Single_intervals_change_a_profile()
    {
        var profile = Read("""{ "Store": "sqlite:///x", "Profile": "fast", "Timing": { "WaitingRound": 0.5 } }""").Settings!.Profile;
        Assert.Equal(TimeSpan.FromSeconds(0.5), profile.WaitingRound);
        Assert.Equal(TimingProfile.Fast.Lease, profile.Lease);
    }

    [Theory]
    [InlineData("""{ "Node": "a_b", "Store": "sqlite:///x" }""", "Node: 'a_b' is not a node name: use letters, digits and inner hyphens, at most 63 characters")]
    [InlineData("""{ }""", "Store: not set: write a connection string such as etcd://a:2379,b:2379/ha, sqlite:///var/lib/ha/store.db")]
    [InlineData("""{ "Store": "oracle://x" }""", "Store: unknown store scheme 'oracle' in 'oracle://x': known are etcd://a:2379,b:2379/ha, sqlite:///var/lib/ha/store.db")]
    [InlineData("""{ "Store": "oracle://me:secret@x" }""", "Store: unknown store scheme 'oracle' in 'oracle://…@x': known are etcd://a:2379,b:2379/ha, sqlite:///var/lib/ha/store.db")]
    [InlineData("""{ "Store": "/var/x.db" }""", "Store: '/var/x.db' is not a connection string: write one such as etcd://a:2379,b:2379/ha, sqlite:///var/lib/ha/store.db")]
    [InlineData("""{ "Store": { "Path": "/x" } }""", "Store:Kind: not set: write the store's scheme, such as sqlite")]
    [InlineData("""{ "Store": { "Kind": "sqlite", "Pth": "/x" } }""", "Store:Pth: no such part of a store: known are Kind, Path, Endpoints, Prefix, Options", "Store:Path: not set: write the store's file, or its servers under Store:Endpoints")]
    [InlineData("""{ "Store": "sqlite:///x", "Profile": "quick" }""", "Profile: 'quick' is no profile: write one of proxmox, standard, fast")]
    [InlineData("""{ "Store": "sqlite:///x", "RunDirectory": "run" }""", "RunDirectory: 'run' is not an absolute path: begin it with '/'", "WatchdogSocket: 'run/watchdog-mux.sock' is not an absolute path: begin it with '/'")]
    [InlineData("""{ "Store": "sqlite:///x", "MaxWorkers": 0 }""", "MaxWorkers: '0' is not a whole number from 1 to 64: write how many services may be worked on at once")]
    [InlineData("""{ "Store": "sqlite:///x", "Timing": { "Lease": "-3" } }""", "Timing:Lease: '-3' is not a number of seconds: write one above 0 and up to 86400, such as 2.5")]
    [InlineData("""{ "Store": "sqlite:///x", "Timing": { "Leese": 3 } }""", "Timing:Leese: no such interval: known are ActiveRound, ClientWindow, FenceDelay, HardwareTimeout, HealthCheck, Lease, LockAttemptPause, LostLockGiveUp, PresenceTtl, Quiesce, Renewal, Tick, TimerGranularity, WaitingRound")]
    public void A_mistake_names_key_value_and_remedy(string json, params string[] mistakes)
    {
        var answer = Read(json);
        Assert.Null(answer.Settings);
        Assert.Equal(mistakes, answer.Mistakes);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var answer = Read("""{ "Node": "-", "Stor": 1, "Profile": "x", "MaxWorkers": "many" }""");
        Assert.Equal(["Stor", "Node", "Store", "Profile", "MaxWorkers"], answer.Mistakes.Select(m => m.Split(':')[0]));
    }

    [Fact]
    public void A_profile_that_breaks_the_safety_inequality_is_refused_with_its_numbers()
    {
        var answer = Read("""{ "Store": "sqlite:///x", "Profile": "fast", "Timing": { "ClientWindow": 8 } }""");
        Assert.Null(answer.Settings);
        var mistake = Assert.Single(answer.Mistakes);
        Assert.Contains("8 s (client window) + 0.25 s (tick) + 2 s (hardware) + 0.5 s (granularity) + 0.5 s (quiesce) = 11.25 s", mistake, StringComparison.Ordinal);
        Assert.Contains("only certain for 7 s (lease 10 s × 0.9 − 2 s spare)", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_json_is_named_with_the_place()
    {
        var mistake = Read("{ \"Node\": }").Mistakes[0];
        Assert.StartsWith($"configuration file '{_file}' is not JSON: ", mistake, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 0", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_must_exist()
    {
        var answer = SettingsReader.Read(new SettingsSources("/no/such.json", [new("Store", "sqlite:///x")], UseEnvironment: false), Schemes);
        Assert.StartsWith("configuration file '/no/such.json' cannot be read: ", Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_whose_name_is_too_long_is_refused()
    {
        var mistake = Assert.Single(Read($$"""{ "Store": "sqlite:///x", "RunDirectory": "/{{new string('d', 100)}}" }""").Mistakes);
        Assert.StartsWith("WatchdogSocket: '/ddd", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_profile_is_safe() => Assert.All(TimingProfile.All, p => Assert.Empty(p.Check()));

    private SettingsAnswer Read(string json, params (string Key, string Value)[] commandLine)
    {
        File.WriteAllText(_file, json);
        return SettingsReader.Read(
            new SettingsSources(_file, [.. commandLine.Select(c => KeyValuePair.Create(c.Key, (string?)c.Value))], UseEnvironment: false), Schemes);
    }
}
