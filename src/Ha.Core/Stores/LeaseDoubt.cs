using System.Runtime.ExceptionServices;

namespace Ha.Core.Stores;

/// <summary>Resolves a write whose answer is missing by reading back.</summary>
internal static class LeaseDoubt
{
    /// <summary>Reads a lock's records after a write in doubt.</summary>
    /// <exception cref="StoreException">The doubt itself, if the read had no answer either; or <see cref="StoreError.Regressed"/>.</exception>
    public static async Task<LeaseRecord> ReadBackAsync(LeaseBook book, StoreKey name, StoreException doubt, CancellationToken cancel)
    {
        try
        {
            return await book.ReadAsync(name, cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or StoreException { Error: not StoreError.Regressed })
        {
            ExceptionDispatchInfo.Throw(doubt);
            throw;
        }
    }
}
