using Ha.Core.Stores;
using Ha.Linearizability.Checking;
using Ha.Linearizability.Models;

namespace Ha.Linearizability.Tests.Checking;

/// <summary>Short words to write histories with.</summary>
internal static class Histories
{
    public static Operation<TCall> Op<TCall>(int client, int start, int? end, TCall call) =>
        new(client, At(start), end is { } e ? At(e) : null, call);

    public static StoreRevision Rev(int number) => new(0, (ulong)number);

    public static RegisterCall Read(string? value, int revision = 0) => new RegisterCall.Read(value is null ? null : new Seen(value, Rev(revision)));

    public static RegisterCall Put(string value, int revision) => new RegisterCall.Write(value, new Requirement.Nothing(), new WriteAnswer.Committed(Rev(revision)));

    public static RegisterCall PutUnknown(string value) => new RegisterCall.Write(value, new Requirement.Nothing(), new WriteAnswer.Unknown());

    public static RegisterCall Cas(string value, int expected, int revision) =>
        new RegisterCall.Write(value, new Requirement.At(Rev(expected)), new WriteAnswer.Committed(Rev(revision)));

    public static RegisterCall CasRefused(string value, int expected) => new RegisterCall.Write(value, new Requirement.At(Rev(expected)), new WriteAnswer.Refused());

    public static RegisterCall Create(string value, int revision) =>
        new RegisterCall.Write(value, new Requirement.Absent(), new WriteAnswer.Committed(Rev(revision)));

    public static RegisterCall Delete() => new RegisterCall.Write(null, new Requirement.Nothing(), new WriteAnswer.Committed(null));

    public static CheckResult<RegisterCall> Check(params Operation<RegisterCall>[] history) => Check((IReadOnlyList<Operation<RegisterCall>>)history);

    public static CheckResult<RegisterCall> Check(IReadOnlyList<Operation<RegisterCall>> history) =>
        new LinearizabilityChecker<RegisterState, RegisterCall>(new RegisterModel(history.Select(o => o.Call)), TimeProvider.System).Check(history);

    public static CheckResult<LockCall> CheckLock(params Operation<LockCall>[] history) =>
        new LinearizabilityChecker<LockState, LockCall>(new LockChainModel(), TimeProvider.System).Check(history);

    public static CheckResult<GuardedCall> CheckGuarded(params Operation<GuardedCall>[] history) =>
        new LinearizabilityChecker<GuardedState, GuardedCall>(new GuardedRegisterModel(history.Select(o => o.Call)), TimeProvider.System).Check(history);

    private static Moment At(int order) => new(order, TimeSpan.FromMilliseconds(order));
}
