using Gateway.Core.Configuration;
using Gateway.Core.Keys;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Ledger;
using Gateway.Limits.Budgets;
using Gateway.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Hosting.Warming;

/// <summary>
/// A whole gateway for traffic beside the real one, on a loopback port that nobody knows, with a database and a journal of its own in a
/// folder that is deleted, and an upstream in this process.
/// </summary>
internal sealed class WarmUpHost : IAsyncDisposable
{
    private const string Folder = "warm-up";

    private readonly WebApplication _app;
    private readonly string _folder;

    private WarmUpHost(WebApplication app, string folder, string apiKey)
    {
        _app = app;
        _folder = folder;
        ApiKey = apiKey;
        Port = new Uri(app.Urls.First()).Port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>A key that may call.</summary>
    public string ApiKey { get; }

    /// <summary>Starts it.</summary>
    /// <param name="real">The options of the real one: its data folder, and what callers feel of them.</param>
    /// <param name="upstream">Where calls go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<WarmUpHost> StartAsync(HubOptions real, Uri upstream, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(real.Server.DataDirectory, Folder);
        Delete(folder); // of a process that was killed
        Directory.CreateDirectory(folder);
        var options = Options(folder, upstream);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<ILoggerProvider>(_ => new CallLogWriter(options.Telemetry, Stream.Null));
        var app = HubApplication.Build(builder, options, sandbox: null);
        try
        {
            var apiKey = await PrepareAsync(app.Services, cancellationToken);
            await app.StartAsync(cancellationToken);
            return new WarmUpHost(app, folder, apiKey);
        }
        catch
        {
            await app.DisposeAsync();
            Delete(folder);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Delete(_folder);
    }

    private static HubOptions Options(string folder, Uri upstream)
    {
        var values = new Dictionary<string, string>
        {
            ["DATA_DIR"] = folder,
            ["SERVER_PORT"] = "0",
            ["HUB_ROLE"] = "gateway",
            ["LITELLM_BASE_URL"] = upstream.ToString(),
            ["LITELLM_API_KEY"] = "none",
            ["JOURNAL_SEGMENT_BYTES"] = "1048576",
            ["QUIET_SECONDS"] = "0",
            ["SHUTDOWN_SECONDS"] = "1",
            ["WARM_UP_SECONDS"] = "0",
        };
        var faults = HubOptionsReader.Read(_ => null, name => values.GetValueOrDefault(name), isDevelopment: true, out var options);
        return faults.Count == 0 ? options : throw new InvalidOperationException(string.Join(" ", faults));
    }

    private static async Task<string> PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var key = ApiKeyText.Create();
        services.GetRequiredService<StoreProvider>().Prepare();
        await using (var db = await services.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(cancellationToken))
        {
            await db.Database.MigrateAsync(cancellationToken);
            db.AddRange(WarmUpRows.Of(key));
            await db.SaveChangesAsync(cancellationToken);
        }
        if (await services.GetRequiredService<TrafficLock>().TakeAsync(cancellationToken) is { } reason)
        {
            throw new InvalidOperationException(reason);
        }
        await services.GetRequiredService<JournalStart>().RunAsync(cancellationToken);
        await services.GetRequiredService<ChangeFeed>().StartAsync(cancellationToken);
        return key.Text;
    }

    private static void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next start tries again.
        }
    }
}
