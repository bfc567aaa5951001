using Ha.Conformance;

namespace Ha.Backends.Etcd.Tests.Conformance;

public sealed class EtcdKeysAndValues : KeysAndValuesSuite<EtcdFixture>;

public sealed class EtcdConditions : ConditionsSuite<EtcdFixture>;

public sealed class EtcdLocks : LockSuite<EtcdFixture>;

public sealed class EtcdGuard : GuardSuite<EtcdFixture>;

public sealed class EtcdExpiry : ExpirySuite<EtcdFixture>;

public sealed class EtcdExclusion : ExclusionSuite<EtcdFixture>;

public sealed class EtcdWatch : WatchSuite<EtcdFixture>;

public sealed class EtcdPresence : PresenceSuite<EtcdFixture>;

public sealed class CoverageTests
{
    [Fact]
    public void Every_suite_is_derived() => ConformanceCoverage.AssertComplete(typeof(CoverageTests).Assembly);
}
