using Ha.Conformance;

namespace Ha.Backends.Embedded.Tests.Lease;

public sealed class LeaseKeysAndValues : KeysAndValuesSuite<LeaseFixture>;

public sealed class LeaseConditions : ConditionsSuite<LeaseFixture>;

public sealed class LeaseLocks : LockSuite<LeaseFixture>;

public sealed class LeaseGuard : GuardSuite<LeaseFixture>;

public sealed class LeaseExpiry : ExpirySuite<LeaseFixture>;

public sealed class LeaseExclusion : ExclusionSuite<LeaseFixture>;

public sealed class LeaseWatch : WatchSuite<LeaseFixture>;

public sealed class LeasePresence : PresenceSuite<LeaseFixture>;
