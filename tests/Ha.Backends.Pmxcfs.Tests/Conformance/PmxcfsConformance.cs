using Ha.Conformance;

namespace Ha.Backends.Pmxcfs.Tests.Conformance;

public sealed class PmxcfsKeysAndValues : KeysAndValuesSuite<PmxcfsFixture>;

public sealed class PmxcfsConditions : ConditionsSuite<PmxcfsFixture>;

public sealed class PmxcfsLocksSuite : LockSuite<PmxcfsFixture>;

public sealed class PmxcfsGuard : GuardSuite<PmxcfsFixture>;

public sealed class PmxcfsExpiry : ExpirySuite<PmxcfsFixture>;

public sealed class PmxcfsExclusion : ExclusionSuite<PmxcfsFixture>;

public sealed class PmxcfsWatch : WatchSuite<PmxcfsFixture>;

public sealed class PmxcfsPresence : PresenceSuite<PmxcfsFixture>;

public sealed class PmxcfsConformance
{
    [Fact]
    public void Every_suite_is_derived() => ConformanceCoverage.AssertComplete(typeof(PmxcfsConformance).Assembly);
}
