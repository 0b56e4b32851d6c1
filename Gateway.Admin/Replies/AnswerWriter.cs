using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Core.Buffers;

namespace Gateway.Admin.Replies;

/// <summary>Writes answers, and tells the document of them.</summary>
internal static class AnswerWriter
{
    public const string Json = "application/json";

    /// <summary>An answer that is its payload.</summary>
    public static Task WriteAsync<T>(HttpContext http, int status, T payload)
    {
        http.Response.StatusCode = status;
        return http.WriteJsonAsync(writer => JsonSerializer.Serialize(writer, payload, ApiJson.Options));
    }

    /// <summary>
    /// An answer in the envelope <c>{"success":true,"message":...,"data":...}</c> with the payload once more under its alias, and with the
    /// numbers of its page beside it when it is a list.
    /// </summary>
    public static Task WriteEnvelopeAsync<T>(HttpContext http, int status, string message, T payload, PageOfTotal? page = null)
    {
        http.Response.StatusCode = status;
        return http.WriteJsonAsync(writer => WriteEnvelope(writer, message, payload, page));
    }

    /// <summary>Tells the document what an answer is made of.</summary>
    public static void Describe(EndpointBuilder builder, int status, Type payload) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, payload, [Json]));

    /// <inheritdoc cref="Describe" />
    public static void DescribeEnvelope(EndpointBuilder builder, int status, Type payload, bool isList = false)
    {
        Describe(builder, status, payload);
        builder.Metadata.Add(new EnvelopeMetadata(status, payload, isList));
    }

    private static void WriteEnvelope<T>(Utf8JsonWriter writer, string message, T payload, PageOfTotal? page)
    {
        using var body = new PooledBuffer(1_024);
        using (var inner = new Utf8JsonWriter(body))
        {
            JsonSerializer.Serialize(inner, payload, ApiJson.Options);
        }
        writer.WriteStartObject();
        writer.WriteBoolean("success", true);
        writer.WriteString("message", message);
        writer.WritePropertyName("data");
        writer.WriteRawValue(body.Written.Span, skipInputValidation: true);
        if (AliasOf<T>.Name is { } alias)
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

    private static class AliasOf<T>
    {
        public static readonly string? Name = AliasAttribute.Of(typeof(T));
    }
}
