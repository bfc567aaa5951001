using System.Reflection;
using Xunit;

namespace Ha.Conformance;

/// <summary>Makes leaving out a suite a failure: nobody may choose what a store is tested for.</summary>
public static class ConformanceCoverage
{
    /// <summary>Fails unless the assembly derives every suite exactly once for each of its fixtures, and has a fixture.</summary>
    /// <param name="tests">The store's test assembly.</param>
    public static void AssertComplete(Assembly tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        AssertComplete(tests.GetTypes());
    }

    /// <summary>The same for some types.</summary>
    /// <param name="tests">The types that hold the fixtures and the derived suites.</param>
    public static void AssertComplete(IEnumerable<Type> tests)
    {
        var types = tests.Where(t => !t.IsAbstract && !t.IsGenericTypeDefinition).ToList();
        var fixtures = types.Where(t => typeof(IStoreFixture).IsAssignableFrom(t)).ToList();
        Assert.True(fixtures.Count > 0, "there is no store fixture");
        var missing = from fixture in fixtures
                      from suite in ConformanceRunner.Suites
                      let count = types.Count(t => t.IsPublic && suite.MakeGenericType(fixture).IsAssignableFrom(t))
                      where count != 1
                      orderby fixture.Name, suite.Name
                      select $"{fixture.Name} derives {suite.Name.Split('`')[0]} {count} times";
        Assert.Equal([], missing);
    }

    /// <summary>The catalogue as a Markdown table: case, name, the sentence that proves it.</summary>
    public static string Table() => string.Join('\n', (string[])
    [
        "| case | name | proven by |",
        "|---|---|---|",
        .. ConformanceRunner.Catalogue.OrderBy(c => Order(c.Case.Id), StringComparer.Ordinal)
            .Select(c => $"| {c.Case.Id} | `{c.Case.Name}` | {c.Method.Name.Replace('_', ' ')} |"),
    ]) + "\n";

    // Group letter, then number with leading zeros, then variant.
    private static string Order(string id)
    {
        var digits = new string([.. id.Skip(1).TakeWhile(char.IsAsciiDigit)]);
        return $"{id[0]}{digits.PadLeft(3, '0')}{id[(1 + digits.Length)..]}";
    }
}
