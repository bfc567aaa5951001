using Ha.Core.Model;
using Ha.Hosting.Settings;
using Ha.Node.Wake;

namespace Ha.Node.Daemons;

/// <summary>What the daemons are called.</summary>
internal static class DaemonKindNames
{
    /// <summary>The daemon's word, as in commands, logs and lock holders.</summary>
    public static string Word(this DaemonKind kind) => kind switch
    {
        DaemonKind.Crm => "crm",
        DaemonKind.Lrm => "lrm",
    };

    /// <summary>The file whose lock proves that there is only one of it.</summary>
    public static string LockFile(this DaemonKind kind, NodeSettings settings) => LockFile(kind, settings.RunDirectory, settings.Node);

    private static string LockFile(DaemonKind kind, string directory, NodeName node) => Path.Combine(directory, $"{node}.{kind.Word()}.lock");
}
