namespace Ha.Watchdog.Tests;

public sealed class MuxOptionsTests
{
    [Fact]
    public void Without_options_the_fields_paths_and_times_hold()
    {
        Assert.Equal(
            new MuxOptions
            {
                Device = "/dev/watchdog",
                Socket = "/run/watchdog-mux.sock",
                ActiveMarker = "/run/watchdog-mux.active",
                HardwareTimeout = TimeSpan.FromSeconds(10),
                ClientTimeout = TimeSpan.FromSeconds(60),
                Tick = TimeSpan.FromSeconds(1),
            }, MuxOptions.Parse([]));
    }

    [Fact]
    public void Every_option_is_taken_in_either_form()
    {
        var options = MuxOptions.Parse(["--socket", "/s", "--active-marker=/m", "--hardware-timeout", "1.5", "--client-timeout=3.5",
            "--tick", "250", "--test-device=/f", "--expiry-command", "echo a=b"]);
        Assert.Equal(
            new MuxOptions
            {
                Socket = "/s",
                ActiveMarker = "/m",
                HardwareTimeout = TimeSpan.FromSeconds(1.5),
                ClientTimeout = TimeSpan.FromSeconds(3.5),
                Tick = TimeSpan.FromMilliseconds(250),
                TestDevice = "/f",
                ExpiryCommand = "echo a=b",
            }, options);
    }

    [Theory]
    [InlineData("unknown option '--devise': see watchdog-mux --help", "--devise", "x")]
    [InlineData("unknown option 'start': see watchdog-mux --help", "start")]
    [InlineData("option --socket needs a value: see watchdog-mux --help", "--socket")]
    [InlineData("option --socket needs a value: see watchdog-mux --help", "--socket", "--tick", "1")]
    [InlineData("option --socket needs a value: see watchdog-mux --help", "--socket=")]
    [InlineData("option --tick is given twice: give it once", "--tick", "1", "--tick=2")]
    [InlineData("option --tick: '-1' is not a number of milliseconds between 1 ms and one day", "--tick", "-1")]
    [InlineData("option --client-timeout: 'NaN' is not a number of seconds between 1 ms and one day", "--client-timeout", "NaN")]
    [InlineData("option --client-timeout: '1e99' is not a number of seconds between 1 ms and one day", "--client-timeout", "1e99")]
    [InlineData("option --hardware-timeout: '0' is not a number of seconds between 1 ms and one day", "--hardware-timeout", "0")]
    [InlineData("--device and --test-device contradict each other: give one of them", "--device", "/d", "--test-device", "/f")]
    [InlineData("--test-device needs --expiry-command: what to run instead of a reset", "--test-device", "/f")]
    [InlineData("--expiry-command is for --test-device only: a kernel device resets the machine", "--expiry-command", "x")]
    [InlineData("--hardware-timeout 2.5: a kernel device counts whole seconds", "--hardware-timeout", "2.5")]
    [InlineData("--tick 10000 ms is not shorter than --hardware-timeout 10 s: the device would expire between two keepalives", "--tick", "10000")]
    public void A_mistake_is_named_with_its_remedy(string message, params string[] arguments)
    {
        Assert.Equal(message, Assert.Throws<FormatException>(() => MuxOptions.Parse(arguments)).Message);
    }
}
