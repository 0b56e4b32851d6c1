using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.ApiKeys;
using Gateway.Admin.Audit;
using Gateway.Admin.Billing;
using Gateway.Admin.Catalogue;
using Gateway.Admin.Changes;
using Gateway.Admin.Chats;
using Gateway.Admin.Conventions;
using Gateway.Admin.Currencies;
using Gateway.Admin.Events;
using Gateway.Admin.Files;
using Gateway.Admin.Imports;
using Gateway.Admin.Ledger;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.Logos;
using Gateway.Admin.MachineAccess;
using Gateway.Admin.Nodes;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Profiles;
using Gateway.Admin.Quotas;
using Gateway.Admin.Settings;
using Gateway.Admin.Statistics;
using Gateway.Admin.Teams;
using Gateway.Admin.Tiers;
using Gateway.Admin.Tombstones;
using Gateway.Admin.Transport;
using Gateway.Admin.Upstreams;
using Gateway.Admin.Usage;
using Gateway.Admin.WebConsole;
using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Upstreams;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Admin;

/// <summary>Puts the management API into a process.</summary>
public static class AdminServices
{
    internal const string BasePath = "/api/v1";
    internal const string MeterName = "OneUIHub.Admin";

    /// <summary>
    /// Registers the management calls to LiteLLM, and its spend logs as <see cref="ISpendLog"/>. Expects in the container:
    /// the classes of <c>HubOptions</c> and <c>IDbContextFactory&lt;HubDbContext&gt;</c>.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="endpoint">Where LiteLLM is.</param>
    public static IServiceCollection AddLiteLlm(this IServiceCollection services, LiteLlmEndpoint endpoint) =>
        services
            .AddSingleton(endpoint)
            .AddSingleton<LiteLlmSettings>()
            .AddSingleton<LiteLlmClient>()
            .AddSingleton<ISpendLog, LiteLlmSpendLog>();

    /// <summary>
    /// Registers <see cref="PasswordReset"/> for a command beside a running gateway. Expects what <c>AddHubCore</c> registers.
    /// </summary>
    public static IServiceCollection AddPasswordReset(this IServiceCollection services) =>
        services
            .AddSingleton<Passwords>()
            .AddSingleton(provider => new PasswordReset(
                provider.GetRequiredService<IDbContextFactory<HubDbContext>>(),
                ChangesBeside(provider),
                provider.GetRequiredService<Passwords>()
            ));

    /// <summary>
    /// Registers <see cref="OneUiHubImport"/> for a command beside a running gateway. Expects what <c>AddHubCore</c> registers.
    /// </summary>
    public static IServiceCollection AddOneUiHubImport(this IServiceCollection services) =>
        services.AddSingleton(provider =>
        {
            var (changes, options) = (ChangesBeside(provider), provider.GetRequiredService<HubOptions>());
            var calls = new ImportedCalls(changes, provider.GetRequiredService<StoreProvider>(), options.Budget);
            return new OneUiHubImport(changes, calls, options.Account);
        });

    // Nothing of this process acts on changes: the feed hands them to nobody.
    private static ChangeWriter ChangesBeside(IServiceProvider provider)
    {
        var databases = provider.GetRequiredService<IDbContextFactory<HubDbContext>>();
        var time = provider.GetRequiredService<TimeProvider>();
        var feed = new ChangeFeed(databases, [], time);
        return new ChangeWriter(
            databases,
            feed,
            provider.GetRequiredService<StoreProvider>(),
            time,
            provider.GetRequiredService<ILogger<Change>>()
        );
    }

    /// <summary>
    /// Registers the management API. Expects in the container what <c>AddHubCore</c> registers, and what <see cref="AddLiteLlm"/> does.
    /// </summary>
    public static IServiceCollection AddHubAdmin(this IServiceCollection services)
    {
        services.AddAccessRules();
        services.AddHubDocument();
        services.TryAddScoped(provider => provider.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContext());
        services.AddSingleton<Passwords>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<ApiKeyDirectory>();
        services.AddSingleton<TierDirectory>();
        services.AddSingleton<TeamDirectory>();
        services.AddSingleton<RateLimitDirectory>();
        services.AddSingleton<BudgetDirectory>();
        services.AddSingleton<BudgetViews>();
        services.AddSingleton<OwnBudgets>();
        services.AddSingleton<UpstreamCatalogue>();
        services.AddSingleton<UpstreamClient>();
        services.AddSingleton<UpstreamDirectory>();
        services.AddSingleton<UpstreamViews>();
        services.AddSingleton<CatalogueUpdate>();
        services.AddSingleton<SyncedPrices>();
        services.AddSingleton<ModelConfigUpdates>();
        services.AddSingleton(provider => new ModelSync(
            provider.GetRequiredService<UpstreamCatalogue>(),
            provider.GetRequiredService<CatalogueUpdate>(),
            provider.GetRequiredService<ChangeWriter>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IHostApplicationLifetime>()
        ));
        services.AddSingleton(provider => new FirstStart(
            provider.GetRequiredService<IDbContextFactory<HubDbContext>>(),
            provider.GetRequiredService<ChangeWriter>(),
            provider.GetRequiredService<Passwords>(),
            provider.GetRequiredService<AccountOptions>(),
            provider.GetRequiredService<EnvironmentUpstreams>(),
            provider.GetRequiredService<IHostEnvironment>(),
            provider.GetRequiredService<ILogger<FirstStart>>()
        ));
        services.AddSingleton<LogoFiles>();
        services.AddSingleton<BudgetSync>();
        services.AddSingleton<MachineTokens>();
        services.AddSingleton<HttpLimits>();
        services.AddSingleton<LiteLlmModels>();
        services.AddSingleton<KeyMirror>();
        services.AddSingleton<LocalKeys>();
        services.AddSingleton<ImportedCalls>();
        services.AddSingleton<SpendImport>();
        services.AddHostedService<SpendImportService>();
        services.AddSingleton<ExchangeRates>();
        services.AddHostedService<ExchangeRateService>();
        services.AddSingleton<CompanyDirectory>();
        services.AddSingleton<ModelDirectory>();
        services.AddSingleton<Registration>();
        services.AddSingleton<UserEnding>();
        services.AddHostedService<GuestSweepService>();
        services.AddSingleton<TransactionDirectory>();
        services.AddSingleton<TierUpgrade>();
        services.AddHostedService<TierUpgradeService>();
        services.AddSingleton<SettingDirectory>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<WebhookMetrics>();
        services.AddHostedService<WebhookSender>();
        services.AddHostedService<ModelSyncService>();
        services.AddSingleton<FileUpload>();
        services.AddHostedService<FileSweepService>();
        services.TryAddSingleton(ConsoleFolder.BesideProgram);
        services.AddSingleton<ConsoleFiles>();
        services.AddSingleton<OidcAttempts>();
        return services;
    }

    /// <summary>
    /// What holds for every path on every node, traffic-only ones too: trusted proxies are believed and browsers' questions for other
    /// origins are answered.
    /// </summary>
    public static void UseHubTransport(this WebApplication app)
    {
        UseTrustedProxies(app);
        app.UseMiddleware<CorsMiddleware>();
    }

    /// <summary>
    /// Routes under <c>/api/v1</c> that traffic serves: for everybody who has signed in, by the same rule as routes of management.
    /// </summary>
    public static void RequireHubSignIn(this IEndpointConventionBuilder routes) => routes.RequireAuthorization(AccessPolicies.SignedIn);

    /// <summary>Maps everything under <c>/api/v1</c>, its middleware and its error bodies.</summary>
    public static void MapHubAdmin(this WebApplication app)
    {
        KeepOffOtherPaths(app);
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments(BasePath),
            api =>
            {
                api.UseMiddleware<ConventionsMiddleware>();
                api.UseWrongMethods(app.Services.GetRequiredService<EndpointDataSource>());
                api.UseMiddleware<HttpLimitsMiddleware>();
                api.UseAuthorization();
            }
        );

        app.MapLiteLlmRoutes();
        // A code of an issuer is good once, so that nothing of its sign-in is done again.
        app.MapGroup(BasePath).MapOidcSignIn();
        var routes = app.MapGroup(BasePath).AddEndpointFilter<RouteGroupBuilder, DeadlockRetry>();
        routes.MapAuth();
        routes.MapBrowserSessions();
        routes.MapApiKeys();
        routes.MapUsage();
        routes.MapAdminUsers();
        routes.MapModelRoutes();
        routes.MapCompanies();
        routes.MapModelSync();
        routes.MapLlmModels();
        routes.MapModelConfigs();
        routes.MapTiers();
        routes.MapTeams();
        routes.MapRateLimits();
        routes.MapBudgets();
        routes.MapOwnBudgets();
        routes.MapSettings();
        routes.MapEvents();
        routes.MapDeleted();
        routes.MapMachineTokens();
        routes.MapUpstreams();
        routes.MapAudit();
        routes.MapCurrencies();
        routes.MapRequests();
        routes.MapNode();
        routes.MapUsageReport();
        routes.MapStatistics();
        routes.MapLedger();
        routes.MapOwnAccount();
        routes.MapBilling();
        routes.MapChats();
        routes.MapProfile();
        routes.MapFiles();
        app.MapLogos(routes);
        routes.MapUnserved();
        app.MapDocument();
        app.MapConsole();
    }

    // What was done at LiteLLM is not done again because a transaction here was ended.
    private static void MapLiteLlmRoutes(this WebApplication app)
    {
        var routes = app.MapGroup(BasePath);
        routes.MapLiteLlmModels();
        routes.MapLiteLlmBudgets();
        routes.MapLiteLlmKeys();
    }

    private static void UseTrustedProxies(WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<ServerOptions>().TrustedProxies;
        if (proxies.Count == 0)
        {
            return;
        }
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var network in proxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }
        app.UseForwardedHeaders(forwarded);
    }

    // WebApplication puts authentication and authorization in front of every path as soon as their services are there, unless it believes
    // that this was done already. Traffic has its own way to know its callers and must not pay for ours.
    private static void KeepOffOtherPaths(IApplicationBuilder app)
    {
        app.Properties["__AuthenticationMiddlewareSet"] = true;
        app.Properties["__AuthorizationMiddlewareSet"] = true;
    }
}
