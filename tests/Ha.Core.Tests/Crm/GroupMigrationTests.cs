using Ha.Core.Crm;

namespace Ha.Core.Tests.Crm;

public sealed class GroupMigrationTests
{
    [Theory]
    [InlineData("7.4-4", false)]
    [InlineData("8.4.1", false)]
    [InlineData("9.0.0~2", false)]
    [InlineData("9.0.0~15", false)]
    [InlineData("9.0.0~16", true)]
    [InlineData("9.0.0", true)]
    [InlineData("9.1.2", true)]
    [InlineData("10.0.0~1", true)]
    [InlineData("nonsense", false)]
    public void A_node_is_ready_from_a_certain_version_on(string version, bool ready) => Assert.Equal(ready, GroupMigration.IsNewEnough(version));
}
