using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>Which failure of etcd means what.</summary>
internal static class EtcdErrors
{
    /// <summary>Translates a call that failed.</summary>
    /// <param name="e">What is known of it.</param>
    /// <param name="server">Who was asked.</param>
    /// <param name="call">What for.</param>
    public static StoreException Translate(GrpcException e, EtcdAddress server, EtcdCall call) => e.Progress switch
    {
        CallProgress.NotSent => Error(StoreError.Unavailable, Applied.No, e, server, call, $"cannot be reached ({e.Message}): check that etcd runs there, that host, port{(server.IsEncrypted ? ", certificates and encryption" : " and encryption")} are right, and the network"),
        CallProgress.NotGrpc => Error(StoreError.Mismatch, Applied.No, e, server, call, $"is not an etcd server ({e.Message}): check the port, and whether it speaks TLS"),
        CallProgress.NoAnswer => Unknown(e, server, call, $"gave no answer ({e.Message})"),
        _ => Refusal(e, server, call),
    };

    /// <summary>Whether a refusal says that our log-in is not, or no longer, known there.</summary>
    public static bool AsksForLogin(GrpcException e) => e.Progress == CallProgress.Refused && (e.Code == GrpcCode.Unauthenticated
        || (e.Code == GrpcCode.InvalidArgument && (Says(e, "user name is empty") || Says(e, "revision of auth store is old") || Says(e, "invalid auth token"))));

    /// <summary>Whether another server may do better.</summary>
    public static bool IsWorthAskingAnother(StoreException e) => e.Applied == Applied.No && e.Error is StoreError.Unavailable or StoreError.Mismatch;

    public static StoreException Closed() => new(StoreError.Unavailable, Applied.No, "the etcd store was closed");

    public static StoreException TooOld(EtcdAddress server, string version) => new(
        StoreError.Mismatch, Applied.No, $"etcd at {server} is version {version}, which cannot be used: {EtcdVersion.Refusal(version)}");

    public static StoreException Learner(EtcdAddress server) => new(
        StoreError.Unavailable, Applied.No, $"etcd at {server} is a learner, which answers no questions: promote it, or take it out of the connection string");

    public static StoreException Behind(EtcdAddress server) => new(
        StoreError.Unavailable, Applied.No, $"etcd at {server} is behind what was read before: ask again when it has caught up");

    public static StoreException NoHeader(EtcdAddress server) => new(
        StoreError.Mismatch, Applied.No, $"{server} answers without saying which cluster it is: it is not an etcd server");

    public static StoreException Silent(EtcdAddress server, EtcdCall call, TimeSpan patience) => new(
        StoreError.Unavailable, Applied.No, $"etcd at {server} did not let us connect within {patience.TotalSeconds:0.###} s, {call.What}: check the host, the network and the firewall");

    public static StoreException CancelledLate(EtcdCall call) => new(StoreError.OutcomeUnknown, Applied.Maybe, $"cancelled after it was sent to etcd: {call.What}");

    /// <summary>None of the servers did it.</summary>
    public static StoreException Nobody(IReadOnlyList<StoreException> failures)
    {
        var worst = failures.FirstOrDefault(f => f.Error == StoreError.Mismatch && failures.All(o => o.Error == StoreError.Mismatch)) ?? failures[0];
        return failures.Count == 1
            ? worst
            : new StoreException(worst.Error == StoreError.Mismatch ? StoreError.Mismatch : StoreError.Unavailable, Applied.No, $"none of {failures.Count} etcd servers could be used: {string.Join("; ", failures.Select(f => f.Message))}", worst);
    }

    private static StoreException Refusal(GrpcException e, EtcdAddress server, EtcdCall call) => e.Code switch
    {
        GrpcCode.InvalidArgument when Says(e, "request is too large") => Error(StoreError.TooLarge, Applied.No, e, server, call, "takes no request of this size: raise its --max-request-bytes to the default of 1.5 MiB"),
        GrpcCode.InvalidArgument when Says(e, "too many operations") => Error(StoreError.TooManyOperations, Applied.No, e, server, call, "takes no request of so many operations: raise its --max-txn-ops to the default of 128"),
        GrpcCode.InvalidArgument when Says(e, "authentication failed") => Error(StoreError.Unauthenticated, Applied.No, e, server, call, "knows no such user and password: check the settings user and password-file"),
        GrpcCode.InvalidArgument when AsksForLogin(e) => Error(StoreError.Unauthenticated, Applied.No, e, server, call, $"wants to know who we are ({e.Message}): check the settings user and password-file"),
        GrpcCode.InvalidArgument => Error(StoreError.InvalidKey, Applied.No, e, server, call, $"does not take it ({e.Message})"),
        GrpcCode.Unauthenticated => Error(StoreError.Unauthenticated, Applied.No, e, server, call, $"does not accept our log-in ({e.Message}): check the settings user and password-file"),
        GrpcCode.PermissionDenied => Error(StoreError.Unauthorized, Applied.No, e, server, call, "forbids it: grant the user's role 'readwrite' on the store's prefix (etcdctl role grant-permission ROLE readwrite --prefix=true PREFIX)"),
        GrpcCode.NotFound when Says(e, "lease") => Error(StoreError.PresenceLost, Applied.No, e, server, call, "does not know the announcement any more: announce again"),
        GrpcCode.ResourceExhausted when Says(e, "space exceeded") => Error(StoreError.QuotaExceeded, Applied.No, e, server, call, "has no space left: compact and defragment it, or raise --quota-backend-bytes, then 'etcdctl alarm disarm'; until then no lock can be renewed"),
        GrpcCode.ResourceExhausted when Says(e, "larger than max") => Error(StoreError.TooLarge, Applied.No, e, server, call, $"takes no request of this size ({e.Message})"),
        GrpcCode.ResourceExhausted => Error(StoreError.Unavailable, Applied.No, e, server, call, $"is asked too much at once ({e.Message}): look what loads it"),
        GrpcCode.OutOfRange when Says(e, "future revision") => Error(StoreError.Regressed, Applied.No, e, server, call, $"went back in time ({e.Message}): stop all daemons, then find out who restored it"),
        GrpcCode.Unimplemented => Error(StoreError.Mismatch, Applied.No, e, server, call, $"does not know the call ({e.Message}): etcd 3.4 or newer is needed"),
        GrpcCode.DataLoss => Error(StoreError.Regressed, call.IsWrite ? Applied.Maybe : Applied.No, e, server, call, $"is damaged ({e.Message}): stop all daemons and repair the cluster"),
        GrpcCode.Unavailable when Says(e, "rpc not supported for learner") => Error(StoreError.Unavailable, Applied.No, e, server, call, "is a learner, which answers no questions: promote it, or take it out of the connection string"),
        _ => Unknown(e, server, call, $"did not do it ({e.Message}, gRPC status {(int)e.Code})"),
    };

    // A read that failed changed nothing. A write may have reached the others before its answer was lost.
    private static StoreException Unknown(GrpcException e, EtcdAddress server, EtcdCall call, string what) => call.IsWrite
        ? Error(StoreError.OutcomeUnknown, Applied.Maybe, e, server, call, $"{what}: whether it was done will show when it is read back")
        : Error(StoreError.Unavailable, Applied.No, e, server, call, $"{what}: check that the cluster has a leader and the network between");

    private static StoreException Error(StoreError error, Applied applied, GrpcException e, EtcdAddress server, EtcdCall call, string what) =>
        new(error, applied, $"etcd at {server} {what} [{call.What}]", e);

    private static bool Says(GrpcException e, string text) => e.Message.Contains(text, StringComparison.OrdinalIgnoreCase);
}
