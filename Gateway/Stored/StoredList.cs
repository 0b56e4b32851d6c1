using System.Globalization;
using System.Text.Json;
using Gateway.Answers;
using Gateway.Calls;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Ledger;

namespace Gateway.Stored;

/// <summary>
/// Lists of what upstreams keep for a user, in OpenAI's form: an upstream would list what belongs to everybody. Each as its upstream showed
/// it last.
/// </summary>
internal static class StoredList
{
    /// <summary>Sends a page.</summary>
    /// <param name="http">The client's request.</param>
    /// <param name="caller">Whose.</param>
    /// <param name="kind">The kind of objects.</param>
    /// <param name="most">The most that a page may have.</param>
    /// <param name="fewest">What a page has when the client does not say.</param>
    public static async Task SendAsync(HttpContext http, Caller caller, string kind, int most, int fewest)
    {
        var query = http.Request.Query;
        var limit = fewest;
        if (
            query["limit"].ToString() is { Length: > 0 } given
            && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= most)
        )
        {
            await http.RefuseAsync(Refusals.InvalidMember("limit", $"a whole number from 1 to {most}"));
            return;
        }
        if (query["order"].ToString() is not ("" or "asc" or "desc"))
        {
            await http.RefuseAsync(Refusals.InvalidMember("order", "asc or desc"));
            return;
        }
        var (after, purpose) = (Text(query["after"]), Text(query["purpose"]));
        try
        {
            var found = await http
                .RequestServices.GetRequiredService<KeptObjects>()
                .ListAsync(caller, kind, purpose, after, query["order"] == "asc", limit, http.RequestAborted);
            await (
                found is null ? http.RefuseAsync(Refusals.KeptNotFound(kind, after!)) : StoredForward.SendAsync(http, Page(found, limit))
            );
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            await http.RefuseAsync(Refusals.StoreUnavailable);
        }
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static ReadOnlyMemory<byte> Page(List<KeptObject> found, int limit)
    {
        var shown = found.Take(limit).ToList();
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var one in shown)
            {
                json.WriteRawValue(one.Content!);
            }
            json.WriteEndArray();
            json.WriteString("first_id", shown.FirstOrDefault()?.Id);
            json.WriteString("last_id", shown.LastOrDefault()?.Id);
            json.WriteBoolean("has_more", found.Count > limit);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
