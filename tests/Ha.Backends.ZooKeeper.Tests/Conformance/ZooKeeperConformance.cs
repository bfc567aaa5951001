using Ha.Conformance;

namespace Ha.Backends.ZooKeeper.Tests.Conformance;

public sealed class ZooKeeperKeysAndValues : KeysAndValuesSuite<ZooKeeperFixture>;

public sealed class ZooKeeperConditions : ConditionsSuite<ZooKeeperFixture>;

public sealed class ZooKeeperLocks : LockSuite<ZooKeeperFixture>;

public sealed class ZooKeeperGuard : GuardSuite<ZooKeeperFixture>;

public sealed class ZooKeeperExpiry : ExpirySuite<ZooKeeperFixture>;

public sealed class ZooKeeperExclusion : ExclusionSuite<ZooKeeperFixture>;

public sealed class ZooKeeperWatch : WatchSuite<ZooKeeperFixture>;

public sealed class ZooKeeperPresence : PresenceSuite<ZooKeeperFixture>;
