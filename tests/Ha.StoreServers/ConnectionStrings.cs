namespace Ha.StoreServers;

/// <summary>Writes the connection strings of the stores.</summary>
internal static class ConnectionStrings
{
    /// <summary>Puts one together.</summary>
    public static string Build(string scheme, IEnumerable<string> endpoints, string space, IEnumerable<string> parameters)
    {
        var query = string.Join('&', parameters);
        return $"{scheme}://{string.Join(',', endpoints)}/{space.Trim('/')}{(query.Length > 0 ? "?" : "")}{query}";
    }
}
