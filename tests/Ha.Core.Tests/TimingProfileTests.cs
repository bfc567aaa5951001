using Ha.Core.Config;

namespace Ha.Core.Tests;

public sealed class TimingProfileTests
{
    [Fact]
    public void Every_shipped_profile_is_safe() => Assert.All(TimingProfile.All, p => Assert.Empty(p.Check()));
}
