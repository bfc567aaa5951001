using Ha.Conformance;

namespace Ha.Backends.ZooKeeper.Tests.Conformance;

public sealed class OldServerKeysAndValues : KeysAndValuesSuite<OldServerFixture>;

public sealed class OldServerConditions : ConditionsSuite<OldServerFixture>;

public sealed class OldServerLocks : LockSuite<OldServerFixture>;

public sealed class OldServerGuard : GuardSuite<OldServerFixture>;

public sealed class OldServerExpiry : ExpirySuite<OldServerFixture>;

public sealed class OldServerExclusion : ExclusionSuite<OldServerFixture>;

public sealed class OldServerWatch : WatchSuite<OldServerFixture>;

public sealed class OldServerPresence : PresenceSuite<OldServerFixture>;
