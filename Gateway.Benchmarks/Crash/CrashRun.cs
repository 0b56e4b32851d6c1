using Gateway.Core.Keys;
using Gateway.Sandbox;

namespace Gateway.Benchmarks.Crash;

/// <summary>
/// Runs the gateway's program under load, kills it at random instants, starts it again on the same data, and compares the books. A kill
/// counts when at least <see cref="LeastInFlight"/> calls were in flight and at least one ended call was not in the database yet.
/// </summary>
/// <param name="output">Where each kill is told.</param>
/// <param name="program">The gateway's assembly, with what it needs beside it.</param>
/// <param name="databaseUrl">A database on a server; null: SQLite in a folder of its own.</param>
internal sealed class CrashRun(TextWriter output, string program, string? databaseUrl = null)
{
    /// <summary>Calls in flight at a kill that counts.</summary>
    public const int LeastInFlight = 10;

    private const int Clients = 32;
    private const int MostTriesPerKill = 5;

    /// <summary>Runs it.</summary>
    /// <param name="kills">Kills that count.</param>
    /// <param name="seed">Of the instants.</param>
    /// <returns>The books, and how many kills counted.</returns>
    public async Task<(CrashFindings Findings, int Kills)> RunAsync(int kills, int seed)
    {
        var folder = Directory.CreateTempSubdirectory("hub-crash-");
        await using var upstream = await SandboxHost.StartAsync(new SandboxOptions { KeepBodies = false });
        var random = new Random(seed);
        var settings = Settings(folder, upstream);
        var hub = await HubChild.StartAsync(program, settings);
        try
        {
            var signIn = await hub.PostAsync(
                "api/v1/auth/login",
                new { email = settings["ADMIN_EMAIL"], password = settings["ADMIN_PASSWORD"] }
            );
            var (token, userId) = (
                signIn.GetProperty("access_token").GetString()!,
                signIn.GetProperty("user").GetProperty("id").GetString()!
            );
            await using var clients = new CrashClients(await MakeKeysAsync(hub, token), Clients);
            clients.Start();
            var counted = 0;
            await output.WriteLineAsync(
                "| kill | calls in flight | settled and not in the database | in flight upstream, charged at their hold | back after, ms |"
            );
            await output.WriteLineAsync("| ---: | ---: | ---: | ---: | ---: |");
            for (var tries = 0; counted < kills && tries < kills * MostTriesPerKill; tries++)
            {
                clients.Aim(hub.Address);
                var inFlight = await WaitForInstantAsync(clients, random);
                await hub.KillAsync();
                clients.Aim(null);
                hub.Dispose();
                var begin = System.Diagnostics.Stopwatch.GetTimestamp();
                hub = await HubChild.StartAsync(program, settings);
                var back = System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
                var unwritten = await hub.MetricAsync("oneui_journal_replayed_calls", "settled");
                counted += inFlight >= LeastInFlight && unwritten > 0 ? 1 : 0;
                await output.WriteLineAsync(
                    $"| {counted} | {inFlight} | {unwritten} | "
                        + $"{await hub.MetricAsync("oneui_journal_replayed_calls", "in_flight")} | {back:F0} |"
                );
                if (await CrashBooks.CountOverCapAsync(hub, token) is var over and > 0)
                {
                    throw new InvalidOperationException($"{over} budgets are above their cap after kill {counted}.");
                }
            }
            clients.Aim(hub.Address);
            await Task.Delay(500);
            await clients.StopAsync();
            await WaitUntilWrittenAsync(hub);
            return (await CrashBooks.CompareAsync(hub, token, userId, upstream, clients.Whole), counted);
        }
        finally
        {
            hub.Dispose();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> WaitForInstantAsync(CrashClients clients, Random random)
    {
        var warm = clients.Whole.Count + Clients;
        for (var until = DateTime.UtcNow.AddSeconds(10); clients.Whole.Count < warm && DateTime.UtcNow < until; )
        {
            await Task.Delay(5);
        }
        await Task.Delay(random.Next(0, 1_000));
        for (var until = DateTime.UtcNow.AddSeconds(5); clients.InFlight < LeastInFlight && DateTime.UtcNow < until; )
        {
            await Task.Delay(1);
        }
        return clients.InFlight;
    }

    // One key without a cap, one with a cap that is far away, one whose cap is reached on the way.
    private static async Task<List<string>> MakeKeysAsync(HubChild hub, string token)
    {
        List<string> keys = [];
        foreach (
            var body in new object[]
            {
                new { name = "free" },
                new
                {
                    name = "wide",
                    max_budget = 100,
                    budget_duration = "never",
                },
                new
                {
                    name = "tight",
                    max_budget = 0.005,
                    budget_duration = "monthly",
                },
            }
        )
        {
            keys.Add((await hub.PostAsync("api/v1/users/me/api-keys", body, token)).GetProperty("api_key").GetString()!);
        }
        return keys;
    }

    private static async Task WaitUntilWrittenAsync(HubChild hub)
    {
        for (
            var until = DateTime.UtcNow.AddSeconds(30);
            await hub.MetricAsync("oneui_writer_backlog") > 0 || await hub.MetricAsync("oneui_calls_in_flight") > 0;

        )
        {
            if (DateTime.UtcNow > until)
            {
                throw new TimeoutException("The gateway did not write all that it settled.");
            }
            await Task.Delay(50);
        }
    }

    private Dictionary<string, string> Settings(DirectoryInfo folder, SandboxHost upstream)
    {
        var settings = new Dictionary<string, string>
        {
            ["DATA_DIR"] = folder.FullName,
            ["SERVER_PORT"] = "0",
            ["NODE_ID"] = "crash",
            ["LITELLM_BASE_URL"] = upstream.BaseAddress.ToString(),
            ["LITELLM_API_KEY"] = upstream.ApiKey,
            ["JWT_SECRET"] = Base62.Random(48),
            ["ADMIN_EMAIL"] = "admin@example.com",
            ["ADMIN_PASSWORD"] = Base62.Random(16),
            ["PASSWORD_ITERATIONS"] = "1000",
            ["WARM_UP_SECONDS"] = "0",
            ["JOURNAL_SEGMENT_BYTES"] = "1048576",
        };
        if (databaseUrl is not null)
        {
            settings["DATABASE_URL"] = databaseUrl;
        }
        return settings;
    }
}
