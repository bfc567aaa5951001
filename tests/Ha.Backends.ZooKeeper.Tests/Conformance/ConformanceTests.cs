using Ha.Conformance;

namespace Ha.Backends.ZooKeeper.Tests.Conformance;

public sealed class ConformanceTests
{
    [Fact]
    public void The_store_derives_every_suite() => ConformanceCoverage.AssertComplete(typeof(ConformanceTests).Assembly);
}
