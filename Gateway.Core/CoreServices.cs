using Gateway.Core.Background;
using Gateway.Core.Changes;
using Gateway.Core.Configuration;
using Gateway.Core.Files;
using Gateway.Core.Issuers;
using Gateway.Core.Ledger;
using Gateway.Core.Nodes;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Tokens;
using Gateway.Core.Upstreams;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Core;

/// <summary>Registers what traffic and management share.</summary>
public static class CoreServices
{
    /// <summary>Adds the options, the clock, the database, the policy and the tokens.</summary>
    public static IServiceCollection AddHubCore(this IServiceCollection services, HubOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        foreach (var feature in options.Features)
        {
            services.AddSingleton(feature.GetType(), feature);
        }
        services.AddSingleton<Rounds>();
        services.AddSingleton(StoreProvider.For(DatabaseOf(options), options.Database));
        services.AddPooledDbContextFactory<HubDbContext>(
            (provider, context) => provider.GetRequiredService<StoreProvider>().Configure(context)
        );
        services.AddSingleton<DatabaseWatch>();
        services.AddSingleton<SecretBox>();
        services.TryAddSingleton(EnvironmentUpstreams.Of(options.Upstream));
        services.AddSingleton<UpstreamResolver>();
        services.AddSingleton<PolicySource>();
        services.AddSingleton<IChangeConsumer, PolicyRefresher>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<ChangeWriter>();
        services.AddSingleton<EventWriter>();
        services.TryAddSingleton<IBudgetMonitor, StoredBudgetMonitor>();
        services.TryAddSingleton<INodeMonitor, NodeWithoutTraffic>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<TrustedIssuer>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<TrustedIssuer>());
        services.AddSingleton<IssuerAccounts>();
        services.AddSingleton<IssuerSignIn>();
        services.AddSingleton<IssuerBrowserSignIn>();
        services.AddSingleton<LedgerAudit>();
        services.AddSingleton<LedgerExport>();
        services.AddSingleton<LedgerComparison>();
        services.AddSingleton<FileStore>();
        return services;
    }

    /// <summary>
    /// Builds EF's model and the machinery of queries on another thread, while the process puts itself together: a quarter of the start.
    /// They are the same for every context of the process. What goes wrong here goes wrong again where it is awaited.
    /// </summary>
    public static void PrepareModel(HubOptions options) =>
        Task.Run(() =>
            {
                var builder = new DbContextOptionsBuilder<HubDbContext>();
                StoreProvider.For(DatabaseOf(options), options.Database).Configure(builder);
                using var db = new HubDbContext(builder.Options);
                _ = db.Models.AsNoTracking().Where(m => m.Mode == "").ToQueryString();
            })
            .ContinueWith(static task => _ = task.Exception, TaskContinuationOptions.OnlyOnFaulted);

    private static DatabaseUrl DatabaseOf(HubOptions options) =>
        options.Database.DatabaseUrl is { } text && DatabaseUrl.TryParse(text, out var url)
            ? url
            : new DatabaseUrl("sqlite", "sqlite:" + Path.Combine(options.Server.DataDirectory, "hub.db"));
}
