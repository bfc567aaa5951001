using Ha.Conformance;

namespace Sample.FolderStore.Tests;

public sealed class FolderKeysAndValues : KeysAndValuesSuite<FolderFixture>;

public sealed class FolderConditions : ConditionsSuite<FolderFixture>;

public sealed class FolderLocks : LockSuite<FolderFixture>;

public sealed class FolderGuard : GuardSuite<FolderFixture>;

public sealed class FolderExpiry : ExpirySuite<FolderFixture>;

public sealed class FolderExclusion : ExclusionSuite<FolderFixture>;

public sealed class FolderWatches : WatchSuite<FolderFixture>;

public sealed class FolderPresence : PresenceSuite<FolderFixture>;

public sealed class FolderCoverage
{
    [Fact]
    public void Nothing_is_left_out() => ConformanceCoverage.AssertComplete(typeof(FolderCoverage).Assembly);
}
