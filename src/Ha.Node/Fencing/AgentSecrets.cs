using System.Collections.Immutable;

namespace Ha.Node.Fencing;

/// <summary>What must not be repeated of an agent's arguments.</summary>
internal static class AgentSecrets
{
    private static readonly string[] SecretWords = ["pass", "secret", "token"];

    /// <summary>The values of arguments that hold passwords.</summary>
    public static ImmutableArray<string> Of(ImmutableArray<string> arguments)
    {
        var secrets = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (argument == "-p" && i + 1 < arguments.Length)
                secrets.Add(arguments[i + 1]);
            else if (argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var end && IsSecret(argument[2..end]))
                secrets.Add(argument[(end + 1)..]);
        }

        return [.. secrets.Where(s => s.Length > 0).OrderByDescending(s => s.Length)];
    }

    /// <summary>A text without them.</summary>
    public static string Hide(string text, ImmutableArray<string> secrets) => secrets.Aggregate(text, (t, s) => t.Replace(s, "***", StringComparison.Ordinal));

    private static bool IsSecret(string key) => SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase));
}
