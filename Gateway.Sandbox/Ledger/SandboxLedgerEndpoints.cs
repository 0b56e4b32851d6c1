using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Ledger;

/// <summary>The ledger over HTTP, with the sandbox's key.</summary>
internal static class SandboxLedgerEndpoints
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void MapLedger(this IEndpointRouteBuilder routes, SandboxLedger ledger, SandboxKeys keys)
    {
        routes.MapGet("/sandbox/ledger", http => GetLedger(http, ledger, keys));
        routes.MapDelete("/sandbox/ledger", http => ClearLedger(http, ledger, keys));
    }

    private static async Task GetLedger(HttpContext http, SandboxLedger ledger, SandboxKeys keys)
    {
        if (await keys.RefusedAsync(http))
        {
            return;
        }
        if (!TryReadFilter(http.Request.Query, out var filter))
        {
            await Answer.DetailAsync(http, 400, "since is neither a sequence number nor an ISO 8601 time");
            return;
        }
        var calls = ledger.Calls(filter);
        var page = new LedgerPage(
            http.Request.Query["entries"] == "false" ? [] : calls,
            new LedgerSums(Sums(calls, call => call.Model), Sums(calls, call => call.Key)),
            ledger.Dropped
        );
        await Answer.WriteAsync(http, 200, JsonSerializer.SerializeToUtf8Bytes(page, Json));
    }

    private static async Task ClearLedger(HttpContext http, SandboxLedger ledger, SandboxKeys keys)
    {
        if (await keys.RefusedAsync(http))
        {
            return;
        }
        ledger.Clear();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static bool TryReadFilter(IQueryCollection query, out SandboxLedgerFilter filter)
    {
        string? Of(string name) => query[name].ToString() is { Length: > 0 } value ? value : null;
        filter = new SandboxLedgerFilter
        {
            Model = Of("model"),
            Key = Of("key"),
            CallId = Of("call_id"),
        };
        var since = Of("since");
        if (long.TryParse(since, CultureInfo.InvariantCulture, out var sequence))
        {
            filter = filter with { AfterSequence = sequence };
        }
        else if (DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            filter = filter with { Since = time };
        }
        else
        {
            return since is null;
        }
        return true;
    }

    private static Dictionary<string, SandboxTotals> Sums(IReadOnlyList<SandboxCall> calls, Func<SandboxCall, string> by) =>
        calls
            .GroupBy(by)
            .ToDictionary(
                group => group.Key,
                group => new SandboxTotals(
                    group.Count(),
                    group.Sum(call => (long)call.Usage.PromptTokens),
                    group.Sum(call => (long)call.Usage.CompletionTokens)
                )
            );

    private sealed record LedgerPage(IReadOnlyList<SandboxCall> Entries, LedgerSums Totals, long Dropped);

    private sealed record LedgerSums(Dictionary<string, SandboxTotals> PerModel, Dictionary<string, SandboxTotals> PerKey);
}
