using Ha.Core.Stores;

namespace Ha.Backends.Consul.Tests.Wire;

/// <summary>Sentences about failures.</summary>
internal static class FailureAssert
{
    /// <summary>A call fails in one way, with one line that says all of some things.</summary>
    public static async Task<StoreException> FailsAsync(StoreError error, Applied applied, Func<Task> call, params string[] says)
    {
        var failure = await Assert.ThrowsAsync<StoreException>(call);
        Assert.True((error, applied) == (failure.Error, failure.Applied), $"{failure.Error}, applied {failure.Applied}: {failure.Message}");
        Assert.DoesNotContain('\n', failure.Message);
        foreach (var part in says)
            Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
