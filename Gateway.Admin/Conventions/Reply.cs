using System.Text.Json;
using Gateway.Core.Buffers;

namespace Gateway.Admin.Conventions;

/// <summary>
/// A successful answer: bare, or in the envelope <c>{"success":true,"message":...,"data":...}</c> with the payload once more under an
/// alias, and with the numbers of its page beside it when it is a list.
/// </summary>
internal sealed class Reply<T>(T payload, int status, string? message = null, string? alias = null, PageOfTotal? page = null) : IResult
{
    public Task ExecuteAsync(HttpContext http)
    {
        http.Response.StatusCode = status;
        return http.WriteJsonAsync(writer =>
        {
            if (message is null)
            {
                JsonSerializer.Serialize(writer, payload, ApiJson.Options);
                return;
            }
            WriteEnvelope(writer, message);
        });
    }

    private void WriteEnvelope(Utf8JsonWriter writer, string text)
    {
        using var body = new PooledBuffer(1_024);
        using (var inner = new Utf8JsonWriter(body))
        {
            JsonSerializer.Serialize(inner, payload, ApiJson.Options);
        }
        writer.WriteStartObject();
        writer.WriteBoolean("success", true);
        writer.WriteString("message", text);
        writer.WritePropertyName("data");
        writer.WriteRawValue(body.Written.Span, skipInputValidation: true);
        if (alias is not null)
        {
            writer.WritePropertyName(alias);
            writer.WriteRawValue(body.Written.Span, skipInputValidation: true);
        }
        if (page is { } p)
        {
            writer.WriteNumber("total_count", p.TotalCount);
            writer.WriteNumber("limit", p.Limit);
            writer.WriteNumber("offset", p.Offset);
            writer.WriteBoolean("has_more", p.HasMore);
        }
        writer.WriteEndObject();
    }
}

/// <summary>Makes answers.</summary>
internal static class Reply
{
    public static Reply<T> Ok<T>(T payload) => new(payload, StatusCodes.Status200OK);

    public static Reply<T> Created<T>(T payload) => new(payload, StatusCodes.Status201Created);

    public static Reply<T> Enveloped<T>(string message, T payload, string? alias = null) =>
        new(payload, StatusCodes.Status200OK, message, alias);

    public static Reply<T> EnvelopedCreated<T>(string message, T payload, string? alias = null) =>
        new(payload, StatusCodes.Status201Created, message, alias);

    public static Reply<IReadOnlyList<T>> List<T>(string message, string alias, IReadOnlyList<T> rows, long totalCount, PageRequest page) =>
        new(rows, StatusCodes.Status200OK, message, alias, page.Of(totalCount, rows.Count));
}
