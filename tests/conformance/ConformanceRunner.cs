using System.Reflection;

namespace Ha.Conformance;

/// <summary>What one case said of one store.</summary>
/// <param name="Id">Group letter and number.</param>
/// <param name="Name">The case's short name.</param>
/// <param name="Failure">Why it failed; null if it passed.</param>
public sealed record CaseResult(string Id, string Name, Exception? Failure);

/// <summary>Runs the suites without a test framework: against stores that are broken on purpose, and for tables.</summary>
public static class ConformanceRunner
{
    /// <summary>The suites, as open generic types, by name.</summary>
    public static IReadOnlyList<Type> Suites { get; } =
        [.. typeof(ConformanceRunner).Assembly.GetExportedTypes().Where(IsSuite).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>The catalogue: every case of every suite.</summary>
    public static IReadOnlyList<(Type Suite, MethodInfo Method, CaseAttribute Case)> Catalogue { get; } =
        [.. Suites.SelectMany(s => s.GetMethods().Select(m => (s, m, m.GetCustomAttribute<CaseAttribute>()!)).Where(c => c.Item3 is not null))];

    /// <summary>Runs every case against a store, each on a fresh one, one after another.</summary>
    public static async Task<IReadOnlyList<CaseResult>> RunAsync<TFixture>()
        where TFixture : IStoreFixture, new()
    {
        var results = new List<CaseResult>();
        foreach (var runnable in new Type[]
        {
            typeof(KeysAndValues<TFixture>), typeof(Conditions<TFixture>), typeof(Locks<TFixture>), typeof(Guards<TFixture>),
            typeof(Expiry<TFixture>), typeof(Exclusion<TFixture>), typeof(Watches<TFixture>), typeof(Presences<TFixture>),
        })
        {
            foreach (var method in runnable.GetMethods())
            {
                if (method.GetCustomAttribute<CaseAttribute>() is { } named)
                    results.Add(new CaseResult(named.Id, named.Name, await RunAsync<TFixture>(runnable, method)));
            }
        }

        var missing = Catalogue.Select(c => c.Case.Id).Except(results.Select(r => r.Id), StringComparer.Ordinal).ToList();
        return missing.Count == 0 ? results : throw new InvalidOperationException($"the runner has no class for the suite of {string.Join(", ", missing)}");
    }

    private static async Task<Exception?> RunAsync<TFixture>(Type runnable, MethodInfo method)
        where TFixture : IStoreFixture, new()
    {
        var suite = (StoreSuite<TFixture>)Activator.CreateInstance(runnable)!;
        var failure = await FailureOfAsync(async () =>
        {
            await suite.InitializeAsync();
            await (Task)method.Invoke(suite, null)!;
        });
        var atEnd = await FailureOfAsync(async () => await suite.DisposeAsync());
        return failure ?? atEnd;
    }

    private static async Task<Exception?> FailureOfAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static bool IsSuite(Type type)
    {
        if (!type.IsGenericTypeDefinition || !type.IsAbstract || type == typeof(StoreSuite<>))
            return false;
        return type.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition() == typeof(StoreSuite<>);
    }

    private sealed class KeysAndValues<T> : KeysAndValuesSuite<T>
        where T : IStoreFixture, new();

    private sealed class Conditions<T> : ConditionsSuite<T>
        where T : IStoreFixture, new();

    private sealed class Locks<T> : LockSuite<T>
        where T : IStoreFixture, new();

    private sealed class Guards<T> : GuardSuite<T>
        where T : IStoreFixture, new();

    private sealed class Expiry<T> : ExpirySuite<T>
        where T : IStoreFixture, new();

    private sealed class Exclusion<T> : ExclusionSuite<T>
        where T : IStoreFixture, new();

    private sealed class Watches<T> : WatchSuite<T>
        where T : IStoreFixture, new();

    private sealed class Presences<T> : PresenceSuite<T>
        where T : IStoreFixture, new();
}
