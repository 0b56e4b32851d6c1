using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Requests;
using Gateway.Core.Upstreams;

namespace Gateway.Admin.Upstreams;

/// <summary>Headers to add, by name.</summary>
internal sealed class UpstreamHeadersAttribute()
    : RuleAttribute(
        "headers",
        "must be an object of at most 32 headers, each a name and a text of 1 to 1024 printable characters; a credential goes into "
            + "api_key, and what HTTP or the gateway sets cannot be added"
    )
{
    private const int MostHeaders = 32;

    public override bool IsValid(object? value) =>
        value is not JsonObject headers
        || (
            headers.Count <= MostHeaders
            && headers.All(h =>
                UpstreamHeader.IsName(h.Key)
                && UpstreamHeader.IsFree(h.Key)
                && h.Value?.GetValueKind() == JsonValueKind.String
                && UpstreamHeader.IsValue(h.Value.GetValue<string>())
            )
        );

    /// <summary>As they are stored.</summary>
    public static List<string> Stored(JsonObject headers) =>
        [.. headers.Select(h => new UpstreamHeader(h.Key, h.Value!.GetValue<string>()).ToStored())];
}
