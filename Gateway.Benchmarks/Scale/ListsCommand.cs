using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// <c>lists</c>: how long every GET route of the management API takes on a seeded database, with its filters, pairs of filters, first,
/// middle and last pages; and which of its commands read a large table from end to end. Calls come one after another over HTTP from this
/// process.
/// </summary>
internal static class ListsCommand
{
    private const double LimitMs = 50;
    private const int Repetitions = 20;

    private static readonly TimeSpan LongestOfOne = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ScaleOptions.Read(arguments, "--route");
        if (options.Folder is not { } folder)
        {
            Console.Error.WriteLine("lists --data <folder> [--database <url>] [--route <text in the route>] [--all] [--plans] [--writes]");
            return 2;
        }
        await using var hub = await HubProcess.StartAsync(
            ScaleOptions.HostArguments,
            options.Settings(folder),
            builder =>
            {
                builder.Services.AddHttpContextAccessor();
                builder.Services.AddSingleton<SqlWatch>();
                builder.Services.ConfigureDbContext<HubDbContext>(
                    (provider, context) => context.AddInterceptors(provider.GetRequiredService<SqlWatch>())
                );
            }
        );
        var run = new ListRun(hub, await SignInAsync(hub, await File.ReadAllTextAsync(Path.Combine(folder, SeedCommand.PasswordFile))));
        var databases = hub.App.Services.GetRequiredService<IDbContextFactory<HubDbContext>>();
        ListSamples samples;
        await using (var db = await databases.CreateDbContextAsync())
        {
            samples = await ListSamples.ReadAsync(db);
        }
        var document = await run.DocumentAsync();
        List<ListResult> results = [];
        await run.WarmUpAsync([.. ListPlan.Of(document, samples).Where(c => c.IsPaged)]);
        foreach (
            var call in ListPlan.Of(document, samples).Where(c => c.Route.Contains(options.Text("--route") ?? "", StringComparison.Ordinal))
        )
        {
            results.AddRange(await run.MeasureAsync(call));
            if (results[^1].P95 > LimitMs)
            {
                Console.Error.WriteLine($"{results[^1].P95, 8:F1} ms  {results[^1].Label}");
            }
        }
        if (options.Has("--writes"))
        {
            results.AddRange(await run.MeasureWritesAsync(databases));
        }
        var scans = await FindScansAsync(
            results,
            new QueryPlans(databases, hub.App.Services.GetRequiredService<StoreProvider>()),
            options.Has("--plans")
        );
        Report(results, scans, options.Has("--all"));
        return results.Exists(r => r.P95 > LimitMs) ? 1 : 0;
    }

    private static async Task<Dictionary<string, HttpClient>> SignInAsync(HubProcess hub, string password)
    {
        var clients = new Dictionary<string, HttpClient> { ["anybody"] = new() { BaseAddress = hub.Address } };
        foreach (var (caller, email) in new[] { ("admin", SeedCommand.AdminEmail), ("customer", SeedCommand.LargeUserEmail) })
        {
            using var answer = await clients["anybody"].PostAsJsonAsync("/api/v1/auth/login", new { email, password });
            var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            var client = new HttpClient { BaseAddress = hub.Address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                body.GetProperty("access_token").GetString()
            );
            clients[caller] = client;
        }
        return clients;
    }

    private static async Task<List<string>> FindScansAsync(List<ListResult> results, QueryPlans plans, bool showsAll)
    {
        List<string> scans = [];
        HashSet<string> seen = [];
        foreach (
            var (route, sent) in results.SelectMany(r => r.Commands.Select(c => (r.Call.Route, c))).Where(r => seen.Add(r.Item1 + r.c.Text))
        )
        {
            var steps = await plans.ExplainAsync(sent);
            if (showsAll)
            {
                Console.WriteLine($"{route}\n{sent.Text}\n    {string.Join("\n    ", steps)}\n");
            }
            scans.AddRange(
                steps
                    .Select(s => QueryPlans.FullScan(s, sent.Text))
                    .OfType<string>()
                    .Select(table => $"{route}: {table}: {sent.Text.ReplaceLineEndings(" ")}")
            );
        }
        return [.. scans.Distinct()];
    }

    private static void Report(List<ListResult> results, List<string> scans, bool showsAll)
    {
        Console.WriteLine(
            "| Route | calls | p50 of all, ms | p95 of all, ms | slowest p95, ms | its p50, ms | its max, ms | its CPU, ms | the "
                + "slowest |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
        );
        foreach (var route in results.GroupBy(r => r.Call.Route).OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            var slowest = route.MaxBy(r => r.P95)!;
            var all = route.SelectMany(r => r.Times).Order().ToList();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {(slowest.P95 > LimitMs ? "**" + route.Key + "**" : route.Key)} | {route.Count()} | {all[all.Count / 2]:F1} | "
                        + $"{ListResult.P95Of(all):F1} | {slowest.P95:F1} | {slowest.Times[slowest.Times.Count / 2]:F1} | "
                        + $"{slowest.Times[^1]:F1} | "
                        + $"{slowest.CpuMs:F1} | {slowest.Label} |"
                )
            );
        }
        foreach (var (route, reason) in ListSamples.Apart)
        {
            Console.WriteLine($"| {route} | - | - | - | - | - | - | - | not a list: {reason} |");
        }
        var above = results.Where(r => r.P95 > LimitMs).OrderByDescending(r => r.P95).ToList();
        Console.WriteLine(
            $"\n{results.Count} calls, {above.Count} above {LimitMs} ms; answers other than 200: "
                + $"{string.Join(", ", results.Where(r => r.Status != 200).Select(r => $"{r.Call.Path} {r.Status}"))}"
        );
        foreach (var result in showsAll ? results : above)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.P95, 8:F1} ms p95 {result.Times[result.Times.Count / 2], 8:F1} p50 {result.CpuMs, 8:F1} CPU "
                        + $"{result.Commands.Count, 3} commands  {result.Label}"
                )
            );
        }
        Console.WriteLine($"\n{scans.Count} commands read a large table from end to end");
        foreach (var scan in scans)
        {
            Console.WriteLine("  " + scan);
        }
    }

    /// <summary>Asks and measures.</summary>
    private sealed class ListRun(HubProcess hub, Dictionary<string, HttpClient> clients)
    {
        private readonly SqlWatch _watch = hub.App.Services.GetRequiredService<SqlWatch>();

        public async Task<JsonElement> DocumentAsync() => await clients["anybody"].GetFromJsonAsync<JsonElement>("/openapi.json");

        // What runs for the first time is compiled in haste, and better once it ran some thirty times: a gateway that has just started is
        // not what is measured.
        public async Task WarmUpAsync(IReadOnlyList<ListCall> calls)
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < WarmUpTime)
            {
                foreach (var call in calls.TakeWhile(_ => Stopwatch.GetElapsedTime(start) < WarmUpTime))
                {
                    await AskAsync(call);
                }
            }
        }

        public Task<List<ListResult>> MeasureWritesAsync(IDbContextFactory<HubDbContext> databases) =>
            ChatWrites.MeasureAsync(clients["customer"], databases);

        // The call, and its middle and last page when there is more than one.
        public async Task<List<ListResult>> MeasureAsync(ListCall call)
        {
            var first = await MeasureOneAsync(call);
            List<ListResult> results = [first];
            if (call.IsPaged && first.Total > 1_000 && !call.Path.Contains("page=", StringComparison.Ordinal))
            {
                results.Add(await MeasureOneAsync(call.With(string.Create(CultureInfo.InvariantCulture, $"offset={first.Total / 2}"))));
                results.Add(await MeasureOneAsync(call.With(string.Create(CultureInfo.InvariantCulture, $"offset={first.Total - 10}"))));
            }
            return results;
        }

        private async Task<ListResult> MeasureOneAsync(ListCall call)
        {
            List<double> times = [];
            var (status, total, commands) = await AskAsync(call); // the first fills caches and compiles
            var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            while (times.Count < Repetitions && (times.Count < 3 || Stopwatch.GetElapsedTime(start) < LongestOfOne))
            {
                var began = Stopwatch.GetTimestamp();
                await AskAsync(call, readsTotal: false);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            cpu = Environment.CpuUsage.TotalTime - cpu;
            times.Sort();
            return new ListResult(call, status, total, times, cpu.TotalMilliseconds / times.Count, commands);
        }

        // A body that nobody reads is let go as it comes: memory for it would be the client's, not the gateway's.
        private async Task<(int Status, long Total, IReadOnlyList<SentCommand> Commands)> AskAsync(ListCall call, bool readsTotal = true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1" + call.Path);
            var id = Guid.NewGuid().ToString("N");
            request.Headers.Add("X-Request-Id", id);
            using var answer = await clients[call.Caller]
                .SendAsync(request, readsTotal ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead);
            var total = 0L;
            if (readsTotal)
            {
                total = TotalOf(answer, await answer.Content.ReadAsByteArrayAsync());
            }
            else
            {
                await answer.Content.CopyToAsync(Stream.Null);
            }
            return ((int)answer.StatusCode, total, _watch.Take(id));
        }

        private static long TotalOf(HttpResponseMessage answer, byte[] body)
        {
            if (answer.Headers.TryGetValues("X-Total-Count", out var counts)) // a bare array
            {
                return long.Parse(counts.Single(), CultureInfo.InvariantCulture);
            }
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return root.ValueKind != JsonValueKind.Object ? 0
                : root.TryGetProperty("total_count", out var total) ? total.GetInt64()
                : root.TryGetProperty("data", out var data)
                && data.ValueKind == JsonValueKind.Object
                && data.TryGetProperty("total_count", out total)
                    ? total.GetInt64()
                : 0;
        }
    }
}
