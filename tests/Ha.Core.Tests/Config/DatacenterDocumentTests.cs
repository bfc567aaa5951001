using System.Text;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Tests.Config;

public sealed class DatacenterDocumentTests
{
    [Fact]
    public void An_empty_document_gives_the_defaults()
    {
        var reading = DatacenterDocument.Read("datacenter.cfg", []);
        Assert.Equal(DatacenterSettings.Default, reading.Settings);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public void Settings_are_read_and_keys_of_others_are_left_alone()
    {
        var reading = Read("# description\nkeyboard: de\n\nha: shutdown_policy=freeze\nha: shutdown_policy=migrate\ncrs: ha=static,ha-rebalance-on-start=Yes, \n");
        Assert.Empty(reading.Warnings);
        Assert.Equal(new DatacenterSettings("migrate", "static", true), reading.Settings);
    }

    [Fact]
    public void The_settings_of_balancing_are_read_and_those_not_given_have_their_defaults()
    {
        Assert.Equal(AutoRebalanceSettings.Off with { Enabled = true }, Read("crs: ha=dynamic,ha-auto-rebalance=on\n").Settings.AutoRebalance);
        Assert.Equal((0.3, "bruteforce", 3, 0.1), (AutoRebalanceSettings.Off.Threshold, AutoRebalanceSettings.Off.Method, AutoRebalanceSettings.Off.HoldRounds, AutoRebalanceSettings.Off.Margin));
        var all = Read("crs: ha=static,ha-auto-rebalance=1,ha-auto-rebalance-threshold=.5,ha-auto-rebalance-method=topsis,ha-auto-rebalance-hold-duration=0,ha-auto-rebalance-margin=2e-1\n");
        Assert.Empty(all.Warnings);
        Assert.Equal(new AutoRebalanceSettings { Enabled = true, Threshold = 0.5, Method = "topsis", HoldRounds = 0, Margin = 0.2 }, all.Settings.AutoRebalance);
    }

    [Fact]
    public void The_fencing_mode_is_read()
    {
        Assert.Equal("watchdog", DatacenterSettings.Default.FencingMode);
        Assert.Equal("both", Read("fencing: both\n").Settings.FencingMode);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("max_workers: 7", 7)]
    [InlineData("max_workers: +7", 7)]
    [InlineData("max_workers: 99999999999", int.MaxValue)]
    [InlineData("max_workers: 0", null)]
    public void Workers_are_a_number_from_one_on(string line, int? workers) => Assert.Equal(workers, Read($"{line}\n").Settings.MaxWorkers);

    [Theory]
    [InlineData("stray", "ignore config line: stray")]
    [InlineData("crs:", "ignoring empty 'crs:' line in datacenter.cfg")]
    [InlineData("ha:", "parse error in 'datacenter.cfg' - 'ha': invalid format - format error\nha.shutdown_policy: property is missing and it is not optional")]
    [InlineData("crs: ha=weird", "parse error in 'datacenter.cfg' - 'crs': invalid format - format error\ncrs.ha: value 'weird' does not have a value in the enumeration 'basic, static, dynamic'")]
    [InlineData("crs: ha=static,ha=basic", "parse error in 'datacenter.cfg' - 'crs': invalid format - duplicate key in comma-separated list property: ha")]
    [InlineData("crs: ha=static, ha-rebalance-on-start=1", "parse error in 'datacenter.cfg' - 'crs': invalid format - invalid key in comma-separated list property:  ha-rebalance-on-start")]
    [InlineData("crs: static", "parse error in 'datacenter.cfg' - 'crs': invalid format - value without key, but schema does not define a default key")]
    [InlineData("crs: =static", "parse error in 'datacenter.cfg' - 'crs': invalid format - missing key in comma-separated list property")]
    [InlineData("crs: ha-auto-rebalance-margin=0.2", "parse error in 'datacenter.cfg' - 'crs': invalid format - format error\ncrs.ha-auto-rebalance: missing property required by 'crs.ha-auto-rebalance-margin'")]
    [InlineData("crs: ha-rebalance-on-start=maybe", "parse error in 'datacenter.cfg' - 'crs': invalid format - format error\ncrs.ha-rebalance-on-start: type check ('boolean') failed - got 'maybe'")]
    [InlineData("crs: ha-auto-rebalance=1,ha-auto-rebalance-margin=-0.2", "parse error in 'datacenter.cfg' - 'crs': invalid format - format error\ncrs.ha-auto-rebalance-margin: value must have a minimum value of 0")]
    [InlineData("max_workers: 0", "parse error in 'datacenter.cfg' - 'max_workers': value must have a minimum value of 1")]
    [InlineData("fencing: maybe", "parse error in 'datacenter.cfg' - 'fencing': value 'maybe' does not have a value in the enumeration 'watchdog, hardware, both'")]
    public void A_fault_is_named_and_its_whole_key_falls_back(string line, string warning)
    {
        var reading = Read(line + "\n");
        Assert.Equal([warning], reading.Warnings);
        Assert.Equal(DatacenterSettings.Default, reading.Settings);
    }

    private static DatacenterReading Read(string text) => DatacenterDocument.Read("datacenter.cfg", Encoding.UTF8.GetBytes(text));
}
