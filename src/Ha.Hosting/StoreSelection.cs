using Ha.Backends.Consul;
using Ha.Backends.Embedded;
using Ha.Backends.Etcd;
using Ha.Backends.Pmxcfs;
using Ha.Backends.ZooKeeper;
using Ha.Core.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Ha.Hosting;

/// <summary>The one place that knows which stores there are. Everybody else asks a store what it can do.</summary>
public static class StoreSelection
{
    /// <summary>The stores that come with the product.</summary>
    public static IReadOnlyList<IStoreFactory> BuiltIn { get; } = [.. EmbeddedStores.Factories, new EtcdStoreFactory(), new ConsulStoreFactory(), new ZooKeeperStoreFactory(), new PmxcfsStoreFactory()];

    /// <summary>Registers the stores that come with the product, and the registry that finds one by its connection string.</summary>
    public static IServiceCollection AddStores(this IServiceCollection services)
    {
        foreach (var factory in BuiltIn)
            services.AddSingleton(factory);
        return services.AddSingleton(p => new StoreRegistry(p.GetServices<IStoreFactory>()));
    }

    /// <summary>Registers another store; its schemes can then be used in connection strings.</summary>
    public static IServiceCollection AddStore<TFactory>(this IServiceCollection services)
        where TFactory : class, IStoreFactory => services.AddSingleton<IStoreFactory, TFactory>();

    /// <summary>The schemes of some stores, each with an example connection string.</summary>
    public static IReadOnlyDictionary<string, string> SchemesOf(IEnumerable<IStoreFactory> factories) =>
        factories.SelectMany(f => f.Schemes, (f, scheme) => (scheme, f.Example)).ToDictionary(s => s.scheme, s => s.Example, StringComparer.Ordinal);
}
