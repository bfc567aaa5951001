namespace Ha.StoreServers.Kinds;

/// <summary>Servers that we control, wherever they run.</summary>
/// <param name="plan">What they were made from.</param>
/// <param name="driver">How they are talked to; disposed with the cluster.</param>
/// <param name="members">The servers.</param>
/// <param name="backup">The folder for a copy of what they have stored; it need not exist.</param>
/// <param name="unsupported">Why they cannot suffer a fault.</param>
/// <param name="remove">Removes what is left when they are dead.</param>
internal sealed class ServerCluster(
    ClusterPlan plan, StoreDriver driver, IReadOnlyList<HostedMember> members, string backup, Func<StoreFault, string?> unsupported, Func<Task> remove) : IStoreServers
{
    private bool _disposed;

    public StoreServersSpec Spec => plan.Spec;

    public IReadOnlyList<IStoreMember> Members => members;

    public StoreCredentials Credentials => plan.Secrets.Credentials;

    public string ConnectionString(string space, params IEnumerable<string> parameters)
    {
        var query = string.Join('&', parameters);
        return $"{driver.Scheme}://{string.Join(',', members.Select(m => m.Endpoint))}/{space.Trim('/')}{(query.Length > 0 ? "?" : "")}{query}";
    }

    public string? UnsupportedBecause(StoreFault fault) => unsupported(fault);

    /// <summary>Starts all members for the first time; what was made is removed if that fails.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(members.Select(m => m.StartAsync()));
            await WaitUntilReadyAsync(cancel);
            await driver.SecureAsync(cancel);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task<IStoreMember?> LeaderAsync(CancellationToken cancel) =>
        driver.Leader(await AskAllAsync(cancel)) is { } index ? members[index] : null;

    public Task WaitUntilReadyAsync(CancellationToken cancel) =>
        Patience.UntilAsync(
            async () =>
            {
                var reports = await AskAllAsync(cancel);
                if (members.FirstOrDefault(m => m.EndedByItself) is { } dead)
                    throw new StoreServersException($"{Spec.Kind} {dead} ended by itself:\n{await dead.LastWordsAsync()}");
                return members.All(m => !m.IsRunning || reports[m.Index] is not null) && driver.Leader(reports) is not null && await GreetAsync(cancel);
            },
            Spec.StartTimeout, async () => $"{Spec.Kind} did not become ready:\n{string.Join('\n', await Task.WhenAll(members.Select(WordsAsync)))}\n", cancel);

    public async Task BackUpAsync(CancellationToken cancel)
    {
        // What was confirmed is on the disk. Stopping all in good order takes etcd long, as each member looks for another to lead.
        await this.KillAllAsync();
        if (Directory.Exists(backup))
            Directory.Delete(backup, recursive: true);
        Directory.CreateDirectory(backup);
        await Task.WhenAll(members.Select(m => m.SaveDataAsync(Path.Combine(backup, m.Name))));
        await this.StartAllAsync(cancel);
    }

    public async Task RestoreBackupAsync(CancellationToken cancel)
    {
        if (!Directory.Exists(backup))
            throw new StoreServersException("there is no backup to restore: call BackUpAsync first");
        await this.KillAllAsync();
        await Task.WhenAll(members.Select(m => m.LoadDataAsync(Path.Combine(backup, m.Name))));
        await this.StartAllAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await Task.WhenAll(members.Select(m => m.KillAsync()));
        driver.Dispose();
        await remove();
    }

    private static async Task<string> WordsAsync(HostedMember member) => $"{member}: {await member.LastWordsAsync()}";

    private async Task<bool> GreetAsync(CancellationToken cancel)
    {
        if (Credentials.Tls is not { } tls)
            return true;
        using var greeting = new TlsGreeting(tls.Client);
        return !(await Task.WhenAll(members.Where(m => m.IsRunning).Select(m => greeting.IsAnsweredAsync(m.Endpoint, cancel)))).Contains(false);
    }

    private async Task<IReadOnlyList<MemberReport?>> AskAllAsync(CancellationToken cancel) =>
        await Task.WhenAll(members.Select(m => m.IsRunning ? driver.AskAsync(m.Place, cancel) : Task.FromResult<MemberReport?>(null)));
}
