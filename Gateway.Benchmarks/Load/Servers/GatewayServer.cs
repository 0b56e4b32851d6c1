using System.Globalization;
using Gateway.Benchmarks.Load.Processes;
using Gateway.Core.Storage;
using Gateway.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Benchmarks.Load.Servers;

/// <summary>
/// The real gateway as an operator starts it in Production, on an SQLite file of its own; models and prices come from the upstream, and its
/// caller is under limits and budgets (<see cref="LoadQuotas"/>).
/// </summary>
internal static class GatewayServer
{
    private static readonly TimeSpan LedgerPatience = TimeSpan.FromSeconds(30);

    /// <param name="upstream">Where calls go.</param>
    /// <param name="apiKey">The caller's key.</param>
    /// <param name="logLevel">From which level on it logs.</param>
    /// <param name="journal">One of <see cref="JournalVariants.All"/>: how calls are written down.</param>
    public static async Task RunAsync(string upstream, string apiKey, string logLevel, string journal)
    {
        var folder = Directory.CreateTempSubdirectory("hub-load-");
        try
        {
            var settings = Settings(folder.FullName, upstream, apiKey);
            string[] arguments =
            [
                "--environment",
                "Production",
                $"--Logging:LogLevel:Default={logLevel}",
                $"--Logging:LogLevel:Gateway.Telemetry.CallLog={logLevel}",
            ];
            await using (
                var hub = await HubProcess.StartAsync(arguments, settings, builder => JournalVariants.Configure(builder.Services, journal))
            )
            {
                using (var admin = await LoadAdmin.SignInAsync(hub.Address, settings))
                {
                    await LoadQuotas.SetAsync(admin);
                }
                await ControlLoop.RunAsync(hub.Address.Port, command => CountRecordsAsync(hub, command));
            }
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The environment variables of a gateway in Production on a folder.</summary>
    public static Dictionary<string, string> Settings(string folder, string upstream, string apiKey) =>
        new()
        {
            ["DATA_DIR"] = folder,
            ["SERVER_PORT"] = "0",
            ["LITELLM_BASE_URL"] = upstream,
            ["LITELLM_API_KEY"] = "sk-upstream",
            ["JWT_SECRET"] = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(48)),
            ["ADMIN_EMAIL"] = "admin@example.com",
            ["ADMIN_PASSWORD"] = Guid.NewGuid().ToString(),
            ["HUB_BOOTSTRAP_KEY"] = apiKey,
        };

    // "records <n>": waits until the ledger holds n calls, or as many as come in time.
    private static async Task<object> CountRecordsAsync(HubProcess hub, string command)
    {
        var expected = long.Parse(command.AsSpan("records ".Length), CultureInfo.InvariantCulture);
        for (var until = DateTime.UtcNow + LedgerPatience; ; await Task.Delay(50))
        {
            await using var db = await hub.App.Services.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
            var found = new LedgerCount(await db.UsageRecords.LongCountAsync(), await db.UsageRecords.SumAsync(r => r.TotalCostNanoUsd));
            if (found.Records >= expected || DateTime.UtcNow > until)
            {
                return found;
            }
        }
    }
}
