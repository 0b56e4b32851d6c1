using Gateway.Admin;
using Gateway.Core;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Upstreams;
using Gateway.Hosting;
using Gateway.Ledger;
using Gateway.Limits.Budgets;
using Gateway.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Commands;

/// <summary>
/// What a command needs that works on the database beside a running gateway: the same options, no traffic and no listener. It logs to
/// standard error.
/// </summary>
internal static class CommandServices
{
    /// <summary>Reads the options and puts the services together.</summary>
    /// <param name="context">The command's context.</param>
    /// <param name="more">Further services.</param>
    /// <exception cref="StartFailedException">An option is wrong.</exception>
    public static ServiceProvider Build(CommandContext context, Action<IServiceCollection>? more = null)
    {
        var options = ReadOptions(context, out var builder);
        var endpoint = LiteLlmEndpoint.Of(EnvironmentUpstreams.Of(options.Upstream));
        var services = new ServiceCollection()
            .AddLogging(logging =>
                logging
                    .AddConfiguration(builder.Configuration.GetSection("Logging"))
                    .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            )
            .AddHubCore(options)
            .AddLiteLlm(endpoint)
            .AddSingleton<TrafficLock>()
            .AddGatewayMetrics()
            .AddSingleton<UsageBatch>()
            .AddSingleton<LedgerWriter>()
            .AddSingleton<SetAsideRetry>();
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Reads the options as the gateway does.</summary>
    /// <exception cref="StartFailedException">An option is wrong.</exception>
    public static HubOptions ReadOptions(CommandContext context, out WebApplicationBuilder builder)
    {
        builder = WebApplication.CreateBuilder(EarlierNames.WithEnvironment(context.HostArguments, context.Environment));
        ConfigurationSources.AddDefaults(
            builder.Configuration,
            builder.Environment.IsDevelopment(),
            EarlierNames.AsksForDebugLogs(context.Environment)
        );
        return OptionsLoader.Load(builder.Configuration, context.Environment, builder.Environment.IsDevelopment());
    }

    /// <summary>Checks that the database is there and has the schema of this version.</summary>
    /// <exception cref="StartFailedException">It has not.</exception>
    public static async Task CheckDatabaseAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<StoreProvider>();
        if (store.IsMissing)
        {
            throw new StartFailedException(
                $"There is no database: {store.Location} does not exist. Check DATA_DIR and DATABASE_URL, or start the gateway once: "
                    + "it makes one."
            );
        }
        await using var db = await services.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            throw new StartFailedException(
                $"The schema of {store.Location} is not that of this version. Start the gateway once: it brings it up to date."
            );
        }
    }
}
