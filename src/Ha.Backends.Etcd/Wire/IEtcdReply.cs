namespace Ha.Backends.Etcd.Wire;

/// <summary>A message that tells who answered, and from which place of the store's history.</summary>
internal interface IEtcdReply
{
    ResponseHeader? Header { get; }
}

internal sealed partial class RangeResponse : IEtcdReply;

internal sealed partial class TxnResponse : IEtcdReply;

internal sealed partial class CompactionResponse : IEtcdReply;

internal sealed partial class WatchResponse : IEtcdReply;

internal sealed partial class LeaseGrantResponse : IEtcdReply;

internal sealed partial class LeaseRevokeResponse : IEtcdReply;

internal sealed partial class LeaseKeepAliveResponse : IEtcdReply;

internal sealed partial class AuthenticateResponse : IEtcdReply;

internal sealed partial class StatusResponse : IEtcdReply;
