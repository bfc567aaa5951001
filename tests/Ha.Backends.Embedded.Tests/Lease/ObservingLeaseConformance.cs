using Ha.Conformance;

namespace Ha.Backends.Embedded.Tests.Lease;

public sealed class ObservingLeaseKeysAndValues : KeysAndValuesSuite<ObservingLeaseFixture>;

public sealed class ObservingLeaseConditions : ConditionsSuite<ObservingLeaseFixture>;

public sealed class ObservingLeaseLocks : LockSuite<ObservingLeaseFixture>;

public sealed class ObservingLeaseGuard : GuardSuite<ObservingLeaseFixture>;

public sealed class ObservingLeaseExpiry : ExpirySuite<ObservingLeaseFixture>;

public sealed class ObservingLeaseExclusion : ExclusionSuite<ObservingLeaseFixture>;

public sealed class ObservingLeaseWatch : WatchSuite<ObservingLeaseFixture>;

public sealed class ObservingLeasePresence : PresenceSuite<ObservingLeaseFixture>;
