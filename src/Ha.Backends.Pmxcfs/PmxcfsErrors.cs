using System.Runtime.InteropServices;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Which failure means what.</summary>
internal static class PmxcfsErrors
{
    /// <summary>Translates the error of a system call.</summary>
    /// <param name="error">The error.</param>
    /// <param name="what">What was being done.</param>
    /// <param name="path">With which file.</param>
    /// <param name="changing">Whether the call changes what others see.</param>
    public static StoreException Of(Errno error, string what, string path, bool changing)
    {
        var doing = $"{what} '{path}'";
        return error switch
        {
            Errno.Access => new(StoreError.Unavailable, Applied.No, $"{doing}: refused; the node has no quorum (see 'pvecm status'), or this is not root"),
            Errno.NotConnected => new(StoreError.Unavailable, Applied.No, $"{doing}: the cluster file system's service has died; run 'systemctl restart pve-cluster'"),
            Errno.NoEntry or Errno.NotDirectory => new(StoreError.Unavailable, Applied.No, $"{doing}: no such file or folder; if it names a node, the node is not in the cluster; a folder that is missing is created by the cluster's own packages"),
            Errno.TooBig => new(StoreError.TooLarge, Applied.No, $"{doing}: larger than 1 MiB"),
            Errno.NotPermitted => Unknown(changing, $"{doing}: the quorum was lost meanwhile"),
            Errno.Busy => Unknown(changing, $"{doing}: the cluster's communication did not carry it; see 'systemctl status corosync'"),
            Errno.Io => Unknown(changing, $"{doing}: the cluster file system's database is in error; see 'journalctl -u pve-cluster', then restart that service"),
            _ => Unknown(changing, $"{doing}: {Marshal.GetPInvokeErrorMessage((int)error)}"),
        };
    }

    public static StoreException NotMounted(string root) => new(
        StoreError.Unavailable, Applied.No, $"'{root}' is not a mounted cluster file system (it has no link 'local'): start pve-cluster, or correct the path in the store's connection string");

    public static StoreException NoQuorum(string root) => new(StoreError.Unavailable, Applied.No, $"'{root}' has no quorum: what it shows may be old; see 'pvecm status'");

    public static StoreException TooLarge(string path) => new(
        StoreError.TooLarge, Applied.No, $"'{path}' is larger than 1 MiB, the most the cluster file system carries: it was not written by it; look at the file");

    public static StoreException Unsteady(string path) => new(StoreError.Unavailable, Applied.No, $"'{path}' changed at each look: it is being written all the time; find out by whom");

    public static StoreException Late(PmxcfsOptions options, bool maybe) => new(
        maybe ? StoreError.OutcomeUnknown : StoreError.Unavailable,
        maybe ? Applied.Maybe : Applied.No,
        $"'{options.Root}' did not answer within {options.Timeout.TotalSeconds:0.###} s: while a lost node is being given up every write waits; see 'pvecm status'");

    public static StoreException CancelledLate(PmxcfsOptions options) => new(StoreError.OutcomeUnknown, Applied.Maybe, $"'{options.Root}': cancelled while writing");

    public static StoreException Closed(PmxcfsOptions options) => new(StoreError.Unavailable, Applied.No, $"the store '{options.Root}' was closed");

    public static StoreException LockedConfiguration(PmxcfsOptions options) => new(
        StoreError.Unavailable, Applied.No, $"'{options.Root}': another program holds the configuration lock 'domain-ha'; one that was killed keeps it for two minutes");

    public static StoreException TtlTooLong(TimeSpan asked, TimeSpan carried) => new(
        StoreError.Unsupported, Applied.No, $"a lock of {asked.TotalSeconds:0.###} s: the cluster file system removes a silent one after {carried.TotalSeconds:0.###} s; choose the profile 'proxmox'");

    public static StoreException WentBack(StoreKey name, ulong now, ulong before) => new(
        StoreError.Regressed, Applied.No, $"lock '{name}' went back in time (generation {now}, seen {before}): stop all daemons, then find out who restored or removed files under '{PmxcfsKeys.OwnFolder}'");

    private static StoreException Unknown(bool changing, string message) => changing
        ? new(StoreError.OutcomeUnknown, Applied.Maybe, message)
        : new(StoreError.Unavailable, Applied.No, message);
}
