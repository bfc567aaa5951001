using System.Text.RegularExpressions;
using Ha.Testing;

namespace Ha.Core.Tests;

/// <summary>Holds the "may use" table of the core's folders (namespace = folder).</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Config"] = ["Model"],
        ["Rules"] = ["Model", "Config"],
        ["Scheduling"] = ["Model", "Rules"],
        ["Stores"] = ["Model"],
        ["Platform"] = ["Model"],
        ["Crm"] = ["Model", "Config", "Rules", "Scheduling", "Stores", "Platform"],
        ["Lrm"] = ["Model", "Config", "Rules", "Scheduling", "Stores", "Platform"],
    };

    public static TheoryData<string> Folders => [.. MayUse.Keys];

    [Fact]
    public void The_core_has_exactly_the_folders_of_the_table() =>
        Assert.Equal(
            MayUse.Keys.Order(StringComparer.Ordinal),
            Directory.GetDirectories(CoreFolder()).Select(d => Path.GetFileName(d)).Where(d => d is not ("bin" or "obj")).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_what_the_table_allows(string folder)
    {
        var allowed = MayUse[folder];
        var uses =
            from file in Directory.GetFiles(Path.Combine(CoreFolder(), folder), "*.cs", SearchOption.AllDirectories)
            from used in UsedFolders(WithoutComments(File.ReadAllText(file)))
            where used != folder && !allowed.Contains(used, StringComparer.Ordinal)
            select $"{Path.GetFileName(file)} uses {used}";
        Assert.Empty(uses.Distinct());
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_files_namespace_is_its_folder(string folder)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(CoreFolder(), folder), "*.cs", SearchOption.AllDirectories))
            Assert.Contains($"namespace Ha.Core.{folder};", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void The_check_sees_a_forbidden_use()
    {
        Assert.Equal(["Crm"], UsedFolders(WithoutComments("using Ha.Core.Crm; // not Ha.Core.Lrm\nclass X;")));
        Assert.Equal(["Stores"], UsedFolders("class X { Stores.KvBatch? _batch; }"));
    }

    [Fact]
    public void The_core_depends_on_the_framework_and_the_logging_abstraction_only() =>
        Assert.All(
            typeof(Ha.Core.Crm.CrmDaemon).Assembly.GetReferencedAssemblies(),
            a => Assert.True(a.Name!.StartsWith("System.", StringComparison.Ordinal) || a.Name is "Microsoft.Extensions.Logging.Abstractions", a.Name));

    [Theory]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("System.Net.Sockets")]
    [InlineData("System.Net.Http")]
    [InlineData("System.IO.FileSystem")]
    [InlineData("System.Threading.Thread")]
    public void The_core_has_no_process_socket_file_or_thread_of_its_own(string assembly) =>
        Assert.DoesNotContain(typeof(Ha.Core.Crm.CrmDaemon).Assembly.GetReferencedAssemblies(), a => a.Name == assembly);

    private static IEnumerable<string> UsedFolders(string code) =>
        Uses().Matches(code).Select(m => m.Groups[1].Value).Where(MayUse.ContainsKey).Distinct(StringComparer.Ordinal);

    private static string WithoutComments(string code) => Comments().Replace(code, "");

    private static string CoreFolder()
    {
        var root = SharedReference.RepositoryRoot;
        Assert.SkipWhen(root is null, "the sources are not here: the tests run outside of a checkout");
        return Path.Combine(root!, "src", "Ha.Core");
    }

    // "Ha.Core.Crm", or "Crm.Something" written from a sibling namespace.
    [GeneratedRegex(@"(?<![\w.])(?:Ha\.Core\.)?(Model|Config|Rules|Scheduling|Stores|Platform|Crm|Lrm)(?=[.;]\s*[A-Z;\r\n]|;)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
