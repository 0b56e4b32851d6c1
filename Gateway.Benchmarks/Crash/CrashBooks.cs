using System.Text.Json;
using Gateway.Sandbox;

namespace Gateway.Benchmarks.Crash;

/// <summary>
/// Three books of the same calls: what clients received in full, what the upstream gave out, and what the gateway charged; the last two
/// read over HTTP.
/// </summary>
internal static class CrashBooks
{
    private const int PageSize = 200;

    /// <summary>Compares the books when nothing is in flight any more.</summary>
    public static async Task<CrashFindings> CompareAsync(
        HubChild hub,
        string token,
        string userId,
        SandboxHost upstream,
        IReadOnlyDictionary<string, long?> received
    )
    {
        var charged = await ReadHistoryAsync(hub, token, userId);
        var upstreamCalls = await ReadUpstreamAsync(upstream);
        var byId = charged.GroupBy(c => c.Id).ToDictionary(g => g.Key, g => g.First());
        var check = await hub.GetAsync("api/v1/admin/ledger/check", token);
        var spending = await hub.GetAsync($"api/v1/users/{userId}/spending", token);
        return new CrashFindings
        {
            Received = received.Count,
            Upstream = upstreamCalls.Count,
            Charged = charged.Count,
            ChargedAtBound = charged.Count(c => c.UsageSource == "bound"),
            Lost = received.Keys.Count(id => !byId.ContainsKey(id)),
            LostUpstream = upstreamCalls.Keys.Count(id => !byId.ContainsKey(id)),
            NeverSent = charged.Count(c => c.UsageSource == "bound" && !upstreamCalls.ContainsKey(c.Id)),
            Invented = charged.Count(c => c is { UsageSource: not "bound", Cost: > 0 } && !upstreamCalls.ContainsKey(c.Id)),
            Doubled = charged.Count - byId.Count,
            Inexact = received.Count(r =>
                byId.TryGetValue(r.Key, out var row) && !IsExact(row, r.Value, upstreamCalls.GetValueOrDefault(r.Key))
            ),
            TotalsDiffer = spending.GetProperty("total_spent").GetDecimal() != charged.Sum(c => c.Cost),
            OverCap = await CountOverCapAsync(hub, token),
            LedgerDifferences = check.GetProperty("data").GetProperty("difference_count").GetInt64(),
        };
    }

    /// <summary>Budgets whose spent and held money together are above their cap.</summary>
    public static async Task<int> CountOverCapAsync(HubChild hub, string token) =>
        (await hub.GetAsync("api/v1/admin/budgets", token))
            .GetProperty("budgets")
            .EnumerateArray()
            .Count(b =>
                b.GetProperty("spent_budget").GetDecimal() + b.GetProperty("held_budget").GetDecimal()
                > b.GetProperty("max_budget").GetDecimal()
            );

    private static bool IsExact(Charged row, long? costHeader, UpstreamCall? call) =>
        row.UsageSource == "reported"
        && call is not null
        && (row.InputTokens, row.OutputTokens) == (call.InputTokens, call.OutputTokens)
        && Math.Abs(row.Cost - call.Cost) < 0.000_000_001m
        && (costHeader is null || row.Cost == costHeader / 1_000_000_000m);

    private static async Task<List<Charged>> ReadHistoryAsync(HubChild hub, string token, string userId)
    {
        List<Charged> rows = [];
        for (var hasMore = true; hasMore; )
        {
            var page = await hub.GetAsync($"api/v1/users/{userId}/requests?limit={PageSize}&offset={rows.Count}", token);
            rows.AddRange(
                page.GetProperty("requests")
                    .EnumerateArray()
                    .Select(r => new Charged(
                        r.GetProperty("id").GetString()!,
                        r.GetProperty("cost").GetDecimal(),
                        r.GetProperty("input_tokens").GetInt64(),
                        r.GetProperty("output_tokens").GetInt64(),
                        r.GetProperty("metadata").GetProperty("usage_source").GetString()!
                    ))
            );
            hasMore = page.GetProperty("has_more").GetBoolean();
        }
        return rows;
    }

    // Calls that the upstream worked on; what it refused cost nothing.
    private static async Task<Dictionary<string, UpstreamCall>> ReadUpstreamAsync(SandboxHost upstream)
    {
        using var http = new HttpClient { BaseAddress = upstream.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new("Bearer", upstream.ApiKey);
        using var page = JsonDocument.Parse(await http.GetStringAsync("sandbox/ledger"));
        return page
            .RootElement.GetProperty("entries")
            .EnumerateArray()
            .ToDictionary(
                e => e.GetProperty("call_id").GetString()!,
                e => new UpstreamCall(
                    e.GetProperty("usage").GetProperty("prompt_tokens").GetInt64(),
                    e.GetProperty("usage").GetProperty("completion_tokens").GetInt64(),
                    e.GetProperty("cost").GetDecimal()
                )
            );
    }

    private sealed record Charged(string Id, decimal Cost, long InputTokens, long OutputTokens, string UsageSource);

    private sealed record UpstreamCall(long InputTokens, long OutputTokens, decimal Cost);
}
