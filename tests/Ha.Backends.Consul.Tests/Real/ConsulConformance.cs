using Ha.Conformance;

namespace Ha.Backends.Consul.Tests.Real;

public sealed class ConsulKeysAndValues : KeysAndValuesSuite<ConsulFixture>;

public sealed class ConsulConditions : ConditionsSuite<ConsulFixture>;

public sealed class ConsulLocks : LockSuite<ConsulFixture>;

public sealed class ConsulGuard : GuardSuite<ConsulFixture>;

public sealed class ConsulExpiry : ExpirySuite<ConsulFixture>;

public sealed class ConsulExclusion : ExclusionSuite<ConsulFixture>;

public sealed class ConsulWatching : WatchSuite<ConsulFixture>;

public sealed class ConsulPresenceKeeping : PresenceSuite<ConsulFixture>;

public sealed class ConformanceTests
{
    [Fact]
    public void Consul_derives_every_suite() => ConformanceCoverage.AssertComplete(typeof(ConformanceTests).Assembly);
}
