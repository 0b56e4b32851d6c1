using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.Usage;
using Gateway.Core.Ledger;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// LiteLLM's spend logs, read page by page. Needs a LiteLLM with a database, 1.99 or later: older rows do not name
/// the gateway's id of a call.
/// </summary>
internal sealed class LiteLlmSpendLog(LiteLlmClient client) : ISpendLog
{
    private const int PageSize = 100; // the most that LiteLLM gives

    public async IAsyncEnumerable<SpendLogCall> ReadAsync(
        DateTime from,
        DateTime until,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (var (page, pages) = (1, 1); page <= pages; page++)
        {
            var answer = await PageAsync(from, until, page, cancellationToken);
            pages = LiteLlmJson.Number(answer, "total_pages") is >= 0 and <= int.MaxValue and var total ? (int)total : 0;
            if (LiteLlmJson.Child(answer, "data") is not { ValueKind: JsonValueKind.Array } rows)
            {
                throw new SpendLogUnavailableException("LiteLLM's spend logs are in no form that is known.");
            }
            foreach (var row in rows.EnumerateArray())
            {
                if (SpendRow.Read(row) is { } call)
                {
                    yield return new SpendLogCall(call.CallIds, call.RequestId, call.ModelName, call.Cost, call.Usage, call.StartTime);
                }
            }
        }
    }

    private async Task<JsonElement> PageAsync(DateTime from, DateTime until, int page, CancellationToken cancellationToken)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"start_date={Text(from)}&end_date={Text(until)}&page={page}&page_size={PageSize}&sort_by=startTime&sort_order=asc"
        );
        try
        {
            return await client.SendAsync(HttpMethod.Get, "spend/logs/v2?" + query, null, cancellationToken);
        }
        catch (ApiErrorException fault)
        {
            throw new SpendLogUnavailableException($"LiteLLM's spend logs cannot be read: {fault.Error.Text}.", fault);
        }
    }

    private static string Text(DateTime time) => Uri.EscapeDataString(time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
}
