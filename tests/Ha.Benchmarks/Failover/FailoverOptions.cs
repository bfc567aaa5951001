using System.Globalization;
using Ha.Benchmarks.Measuring;
using Ha.Core.Config;

namespace Ha.Benchmarks.Failover;

/// <summary>What is measured, and where the results go.</summary>
/// <param name="Stores">The stores, by name.</param>
/// <param name="Profile">The timing profile.</param>
/// <param name="Rounds">How often each fault is made.</param>
/// <param name="Faults">Which faults.</param>
/// <param name="Results">The file that the samples are added to, and that is reported on.</param>
/// <param name="Picture">The file that gets a picture (SVG); null for none.</param>
/// <param name="ReportsOnly">Whether nothing is measured.</param>
internal sealed record FailoverOptions(IReadOnlyList<string> Stores, TimingProfile Profile, int Rounds, IReadOnlyList<FaultKind> Faults, string Results, string? Picture, bool ReportsOnly)
{
    public const string Usage = """
        usage: ./ha bench failover [report] [--store NAME]... [--profile NAME] [--rounds N] [--fault kill|freeze|cutoff]... [--results FILE] [--picture FILE]
          three nodes with 30 services lose a member and the master, N times by each fault; --results collects the samples of several runs (CSV), 'report' only shows them
        """;

    private static readonly IReadOnlyList<string> AllStores = [.. MeasuredStore.Names, FailoverSite.Pmxcfs];

    /// <exception cref="FormatException">An argument is wrong; the message names it.</exception>
    public static FailoverOptions Parse(IEnumerable<string> arguments)
    {
        var left = new Queue<string>(arguments);
        var (stores, faults) = (new List<string>(), new List<FaultKind>());
        var options = new FailoverOptions(AllStores, TimingProfile.Standard, 5, Enum.GetValues<FaultKind>(), Path.Combine(Path.GetTempPath(), "ha-failover.csv"), null, false);
        while (left.TryDequeue(out var name))
        {
            switch (name)
            {
                case "--help":
                    throw new FormatException("what can be chosen");
                case "report":
                    options = options with { ReportsOnly = true };
                    break;
                case "--store":
                    stores.Add(OneOf(AllStores, Value()));
                    break;
                case "--profile":
                    var profile = Value();
                    options = options with { Profile = TimingProfile.Find(profile) ?? throw new FormatException($"there is no profile '{profile}': choose one of {string.Join(", ", TimingProfile.All.Select(p => p.Name))}") };
                    break;
                case "--rounds":
                    var rounds = Value();
                    options = options with { Rounds = int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new FormatException($"--rounds must be a number above 0, not '{rounds}'") };
                    break;
                case "--fault":
                    faults.Add(Enum.Parse<FaultKind>(OneOf([.. Enum.GetNames<FaultKind>().Select(f => f.ToLowerInvariant())], Value()), ignoreCase: true));
                    break;
                case "--results":
                    options = options with { Results = Value() };
                    break;
                case "--picture":
                    options = options with { Picture = Value() };
                    break;
                default:
                    throw new FormatException($"unknown argument '{name}'");
            }

            string Value() => left.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value");
        }

        return options with { Stores = stores.Count > 0 ? stores : options.Stores, Faults = faults.Count > 0 ? faults : options.Faults };
    }

    private static string OneOf(IReadOnlyList<string> names, string name) =>
        names.Contains(name) ? name : throw new FormatException($"'{name}' is none of {string.Join(", ", names)}");
}
