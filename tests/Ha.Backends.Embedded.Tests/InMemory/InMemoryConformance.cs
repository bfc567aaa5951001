using Ha.Conformance;

namespace Ha.Backends.Embedded.Tests.InMemory;

public sealed class InMemoryKeysAndValues : KeysAndValuesSuite<InMemoryFixture>;

public sealed class InMemoryConditions : ConditionsSuite<InMemoryFixture>;

public sealed class InMemoryLocks : LockSuite<InMemoryFixture>;

public sealed class InMemoryGuard : GuardSuite<InMemoryFixture>;

public sealed class InMemoryExpiry : ExpirySuite<InMemoryFixture>;

public sealed class InMemoryExclusion : ExclusionSuite<InMemoryFixture>;

public sealed class InMemoryWatch : WatchSuite<InMemoryFixture>;

public sealed class InMemoryPresence : PresenceSuite<InMemoryFixture>;
