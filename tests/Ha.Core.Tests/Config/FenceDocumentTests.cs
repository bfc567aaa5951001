using System.Text;
using Ha.Core.Config;
using Ha.Testing;

namespace Ha.Core.Tests.Config;

public sealed class FenceDocumentTests
{
    private const string Power = "device power:1 fence_apc ip=192.168.XX.XY username=fencing password=12345 action=off ssh\nconnect power:1 node=node1 plug=1 switch=1\n";

    [Fact]
    public void The_recorded_documents_give_the_recorded_commands_and_survive_being_written()
    {
        var files = Directory.GetFiles(SharedReference.Require("reference/fence"), "*.cfg");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var reading = FenceReader.Read($"fence_cfgs/{Path.GetFileName(file)}", File.ReadAllBytes(file));
            Assert.Empty(reading.Warnings);
            Assert.Equal(File.ReadAllText(file + ".expect"), Report(reading));
            AssertSurvivesWriting(reading.Config);
        }
    }

    [Fact]
    public void Parameters_of_device_and_node_make_one_command_line()
    {
        var command = Assert.Single(Read(Power).Commands("node1"));
        Assert.Equal("fence_apc --ip=192.168.XX.XY --username=fencing --password=12345 --action=off --ssh --plug=1 --switch=1", command.CommandLine);
    }

    [Theory]
    [InlineData("ssh", "--ssh", "--ssh")]
    [InlineData("x", "-x", "-x")]
    [InlineData("k=", "-k ''", "-k|")]
    [InlineData("k=v", "-k v", "-k|v")]
    [InlineData("key=", "--key=''", "--key=")]
    [InlineData("password='12\"345'", "--password='12\"345'", "--password=12\"345")]
    [InlineData("username='fäöµ€'", "--username='fäöµ€'", "--username=fäöµ€")]
    [InlineData("a=\"b c\"'d'\\ e", "-a 'b cd e'", "-a|b cd e")]
    [InlineData("pw=a=b==c", "--pw='a=b==c'", "--pw=a=b==c")]
    [InlineData("pw=it\\'s", @"--pw='it'\''s'", "--pw=it's")]
    [InlineData("pw=\\'s", @"--pw=\''s'", "--pw='s")]
    [InlineData("pw=\"a''b\"", "--pw='a'\"''\"'b'", "--pw=a''b")]
    [InlineData("pw=\"'''\"", "--pw=\"'''\"", "--pw='''")]
    [InlineData("pw=_!%+,-./:@^", "--pw=_!%+,-./:@^", "--pw=_!%+,-./:@^")]
    [InlineData("pw=\"a\\\\b\"", @"--pw='a\b'", @"--pw=a\b")]
    [InlineData("pw='a\\b'", @"--pw='a\b'", @"--pw=a\b")]
    public void A_parameter_is_quoted_for_a_shell_and_left_alone_for_a_program(string written, string shell, string program)
    {
        var config = Read($"device d agent {written}\nconnect d node=n {written}\n");
        var command = Assert.Single(config.Commands("n"));
        Assert.Equal($"agent {shell} {shell}", command.CommandLine);
        Assert.Equal($"{program}|{program}", string.Join('|', command.Arguments));
        AssertSurvivesWriting(config);
    }

    [Fact]
    public void Sub_devices_act_together_and_devices_one_after_the_other()
    {
        var config = Read("device a:2 x i=2\ndevice a:10 x i=10\ndevice b y i=3\ndevice c y i=4\nconnect a:2 node=n p\nconnect a:10 node=n p\nconnect c node=n p\nconnect b node=m p\n");
        Assert.Equal(["10", "2"], config.Commands("n").Select(c => c.SubDevice));
        Assert.Equal(["y -i 4 -p"], config.Commands("n", 1).Select(c => c.CommandLine));
        Assert.Empty(config.Commands("n", 2));
        Assert.Empty(config.Commands(""));
        Assert.Equal(config.Commands("n"), config.Commands("n", -1), (x, y) => x.CommandLine == y.CommandLine);
        Assert.Equal((2, 1, 0), (config.DeviceCount("n"), config.DeviceCount("m"), config.DeviceCount("")));
        Assert.Empty(FenceConfig.Empty.Commands("n"));
    }

    [Theory]
    [InlineData("a:1 b a:2", "b a")]
    [InlineData("a:1 a:2 b", "a b")]
    [InlineData("a:1 b c b:2 a:2 a:3", "b c a")]
    public void The_first_device_falls_behind_those_declared_before_its_next_sub_device(string declared, string order)
    {
        var config = Read(string.Concat(declared.Split(' ').Select(d => $"device {d} agent x\n")));
        Assert.Equal(order, string.Join(' ', config.Devices.Select(d => d.Name)));
        AssertSurvivesWriting(config);
    }

    [Fact]
    public void Hyphens_belong_to_names()
    {
        var config = Read("device rack-a:0 agent x\ndevice rack-b agent x\nconnect rack-a:1 node=pve-1 p=1\nconnect rack-a node=pve-2 p=2\nconnect rack-b.x:7 node=pve p=3\n");
        Assert.Equal(["rack-a", "rack-b"], config.Devices.Select(d => d.Name));
        Assert.Equal("agent -x -p 2", Assert.Single(config.Commands("pve-2")).CommandLine);
        Assert.Equal("agent -x -p 3", Assert.Single(config.Commands("pve")).CommandLine);
    }

    [Theory]
    [InlineData("device c")]
    [InlineData("device c agent")]
    [InlineData("connect c node=n")]
    [InlineData("Device c agent x")]
    [InlineData("device c agent 'x")]
    [InlineData("device c agent x\\")]
    public void A_line_that_is_no_statement_is_skipped_with_a_warning(string line)
    {
        var reading = FenceReader.Read("fence.cfg", Encoding.UTF8.GetBytes($"# comment\n\n  \t{line} \r\n"));
        Assert.Equal([$"fence.cfg ignore line 3: {line}"], reading.Warnings);
        Assert.Null(reading.Error);
        Assert.Empty(reading.Config.Devices);
    }

    [Fact]
    public void All_errors_are_reported_together_and_nothing_is_taken_over()
    {
        var reading = FenceReader.Read("F", Encoding.UTF8.GetBytes(
            "connect a node=n x\ndevice a agent x\n\n  # comment\ndevice a:1 agent x\nstray\nconnect a:2 node=n x\nconnect a pve x\nconnect a node=-x x\nconnect a node=n x\nconnect a node=n y\n"));
        Assert.Equal(
            """
            Encountered error(s) on parsing 'F':
            line 1: device 'a' must be declared before you can connect to it
            line 5: device 'a:1' already declared
            line 7: No parallel device 'a:2' found
            line 8: node=nodename needed to connect device 'a' to node
            line 9: node=nodename needed to connect device 'a' to node
            line 11: node 'n' already connected to device 'a:1'

            """.ReplaceLineEndings("\n"),
            reading.Error);
        Assert.Equal(["F ignore line 6: stray"], reading.Warnings);
        Assert.Empty(reading.Config.Devices);
    }

    [Fact]
    public void The_document_is_written_by_priority_with_all_that_belongs_to_a_sub_device_below_it()
    {
        var config = Read("device b:2 agent x=\"a b\"\ndevice b agent ip=1.2.3.4 ssh\nconnect b node=n2 p=2\nconnect b node=n1 p='1 2'\ndevice a agent ''\n");
        Assert.Equal(
            "\ndevice b:1 agent ip=1.2.3.4 ssh\nconnect b:1 node=n1 'p=1 2'\nconnect b:1 node=n2 p=2\n\ndevice b:2 agent 'x=a b'\n\ndevice a:1 agent ''\n",
            Encoding.UTF8.GetString(FenceWriter.Write(config)));
        AssertSurvivesWriting(config);
        Assert.Empty(FenceWriter.Write(FenceConfig.Empty));
    }

    private static FenceConfig Read(string text)
    {
        var reading = FenceReader.Read("fence.cfg", Encoding.UTF8.GetBytes(text));
        Assert.Null(reading.Error);
        Assert.Empty(reading.Warnings);
        return reading.Config;
    }

    private static void AssertSurvivesWriting(FenceConfig config)
    {
        var written = FenceWriter.Write(config);
        Assert.Equal(Describe(config), Describe(FenceReader.Read("fence.cfg", written).Config));
    }

    private static string Describe(FenceConfig config) => string.Join('\n',
        from device in config.Devices
        from sub in device.SubDevices
        from words in sub.Value.Nodes.Select(n => n.Value.Insert(0, n.Key)).Prepend(sub.Value.Arguments.Insert(0, sub.Value.Agent))
        select $"{device.Name}:{sub.Key} {string.Join('|', words)}");

    private static string Report(FenceReading reading)
    {
        if (reading.Error is { } error)
            return $"[FenceConfig] {error}";
        var report = new StringBuilder();
        for (var attempt = 0; ; attempt++)
        {
            report.Append($"[try] {attempt}\n");
            var any = false;
            foreach (var node in new[] { "node1", "node2", "node3" })
            {
                var commands = reading.Config.Commands(node, attempt);
                any |= commands.Length > 0;
                foreach (var line in commands.OrderBy(c => int.Parse(c.SubDevice, System.Globalization.CultureInfo.InvariantCulture)).Select(c => c.CommandLine).DefaultIfEmpty("none"))
                    report.Append($"[{node}-cmd] {line}\n");
            }

            if (!any)
                return report.ToString();
        }
    }
}
