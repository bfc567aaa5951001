namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>Who may do what to a node.</summary>
/// <param name="Permissions">read 1, write 2, create 4, delete 8, admin 16, together.</param>
/// <param name="Scheme">How the id is proven: <c>world</c>, <c>auth</c>, <c>digest</c>, <c>sasl</c>, <c>x509</c>, <c>ip</c>.</param>
/// <param name="Id">Whom it lets in.</param>
internal sealed record NodeAcl(int Permissions, string Scheme, string Id)
{
    private const int All = 31;

    /// <summary>Everybody may do everything.</summary>
    public static IReadOnlyList<NodeAcl> Open { get; } = [new(All, "world", "anyone")];

    /// <summary>Whoever the creating session is logged in as may do everything; the server fills in the ids.</summary>
    public static IReadOnlyList<NodeAcl> Creator { get; } = [new(All, "auth", "")];

    /// <summary>A named one may do everything.</summary>
    public static NodeAcl Whole(string scheme, string id) => new(All, scheme, id);
}
