using System.Collections.Immutable;
using System.Reflection;
using Ha.Core.Crm;
using Ha.Core.Model;

namespace Ha.Simulator.Tests.Coverage;

/// <summary>Every line that the daemons can log: the methods of the core's <c>…Log</c> classes, each called once with made-up arguments to learn its number.</summary>
internal static class LogCatalogue
{
    /// <summary>The lines by number; the value is the method that makes it.</summary>
    public static IReadOnlyDictionary<int, string> Lines { get; } = Read();

    private static SortedDictionary<int, string> Read()
    {
        var lines = new SortedDictionary<int, string>();
        var methods =
            from type in typeof(CrmDaemon).Assembly.GetTypes()
            where type.Name.EndsWith("Log", StringComparison.Ordinal)
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public)
            where method.ReturnType == typeof(LogLine)
            select method;
        foreach (var method in methods)
        {
            var line = (LogLine)method.Invoke(null, [.. method.GetParameters().Select(p => Sample(p.ParameterType))])!;
            lines.Add(line.Id, $"{method.DeclaringType!.Name}.{method.Name}");
        }

        return lines;
    }

    private static object? Sample(Type type)
    {
        if (type == typeof(string))
            return "x";
        if (type == typeof(NodeName))
            return NodeName.Parse("node1");
        if (type == typeof(ResourceId))
            return ResourceId.Parse("vm:101");
        if (type == typeof(ImmutableArray<string>))
            return ImmutableArray<string>.Empty;
        if (type.IsValueType)
            return Activator.CreateInstance(type);
        var constructor = type.GetConstructors()[0];
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Sample(p.ParameterType))]);
    }
}
