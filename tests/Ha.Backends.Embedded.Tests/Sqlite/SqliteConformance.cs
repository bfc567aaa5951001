using Ha.Conformance;

namespace Ha.Backends.Embedded.Tests.Sqlite;

public sealed class SqliteKeysAndValues : KeysAndValuesSuite<SqliteFixture>;

public sealed class SqliteConditions : ConditionsSuite<SqliteFixture>;

public sealed class SqliteLocks : LockSuite<SqliteFixture>;

public sealed class SqliteGuard : GuardSuite<SqliteFixture>;

public sealed class SqliteExpiry : ExpirySuite<SqliteFixture>;

public sealed class SqliteExclusion : ExclusionSuite<SqliteFixture>;

public sealed class SqliteWatch : WatchSuite<SqliteFixture>;

public sealed class SqlitePresence : PresenceSuite<SqliteFixture>;
