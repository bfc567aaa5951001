using Google.Protobuf;

namespace Ha.Backends.Etcd.Wire;

/// <summary>One call of the server: where it is, and what it answers with.</summary>
internal sealed class GrpcMethod<TRequest, TReply>(string path, MessageParser<TReply> parser, bool isAnonymous = false)
    where TRequest : IMessage<TRequest>
    where TReply : IMessage<TReply>, IEtcdReply
{
    /// <summary>Begins with a slash.</summary>
    public string Path => path;

    public MessageParser<TReply> Parser => parser;

    /// <summary>Whether it is asked without our token: a server refuses a log-in that carries an old one.</summary>
    public bool IsAnonymous => isAnonymous;
}

/// <summary>The calls we use.</summary>
internal static class EtcdMethods
{
    public static readonly GrpcMethod<RangeRequest, RangeResponse> Range = new("/etcdserverpb.KV/Range", RangeResponse.Parser);
    public static readonly GrpcMethod<TxnRequest, TxnResponse> Txn = new("/etcdserverpb.KV/Txn", TxnResponse.Parser);
    public static readonly GrpcMethod<CompactionRequest, CompactionResponse> Compact = new("/etcdserverpb.KV/Compact", CompactionResponse.Parser);
    public static readonly GrpcMethod<WatchRequest, WatchResponse> Watch = new("/etcdserverpb.Watch/Watch", WatchResponse.Parser);
    public static readonly GrpcMethod<LeaseGrantRequest, LeaseGrantResponse> LeaseGrant = new("/etcdserverpb.Lease/LeaseGrant", LeaseGrantResponse.Parser);
    public static readonly GrpcMethod<LeaseRevokeRequest, LeaseRevokeResponse> LeaseRevoke = new("/etcdserverpb.Lease/LeaseRevoke", LeaseRevokeResponse.Parser);
    public static readonly GrpcMethod<LeaseKeepAliveRequest, LeaseKeepAliveResponse> LeaseKeepAlive = new("/etcdserverpb.Lease/LeaseKeepAlive", LeaseKeepAliveResponse.Parser);
    public static readonly GrpcMethod<AuthenticateRequest, AuthenticateResponse> Authenticate = new("/etcdserverpb.Auth/Authenticate", AuthenticateResponse.Parser, isAnonymous: true);
    public static readonly GrpcMethod<StatusRequest, StatusResponse> Status = new("/etcdserverpb.Maintenance/Status", StatusResponse.Parser);
}
