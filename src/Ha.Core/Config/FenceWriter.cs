using System.Text;

namespace Ha.Core.Config;

/// <summary>Writes the fence devices.</summary>
public static class FenceWriter
{
    /// <summary>The document, UTF-8; read again, it gives the same devices in the same order.</summary>
    public static byte[] Write(FenceConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var text = new StringBuilder();
        foreach (var device in config.Devices)
        {
            foreach (var (number, sub) in device.SubDevices)
            {
                text.Append($"\ndevice {device.Name}:{number} {sub.Agent} {Join(sub.Arguments)}\n");
                foreach (var (node, arguments) in sub.Nodes)
                    text.Append($"connect {device.Name}:{number} node={node} {Join(arguments)}\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // '=' is plain within a line of the document, which keeps it as readable as it was typed.
    private static string Join(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(a => ShellWords.Quote(a, harmless: '=')));
}
