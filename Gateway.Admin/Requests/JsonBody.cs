using System.Buffers;
using System.Net.Mime;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Texts;
using Microsoft.Net.Http.Headers;

namespace Gateway.Admin.Requests;

/// <summary>
/// Reads the JSON object that a request carries, within the size and depth of the options. An empty body is an empty object.
/// </summary>
internal static class JsonBody
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    public static async ValueTask<JsonElement> ReadAsync(HttpContext http)
    {
        var body = await ReadBytesAsync(http, http.RequestServices.GetRequiredService<AdminApiOptions>().MaxAdminBodyBytes);
        if (body.Length == 0)
        {
            return Empty;
        }
        if (!IsJson(http.Request))
        {
            throw new ApiErrorException(ApiError.UnsupportedMediaType);
        }
        return Parse(body, http.RequestServices.GetRequiredService<BodyOptions>().MaxJsonDepth);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpContext http, long maximumBytes)
    {
        if (http.Request.ContentLength > maximumBytes)
        {
            throw new ApiErrorException(ApiError.PayloadTooLarge);
        }
        var buffer = new ArrayBufferWriter<byte>(4_096);
        while (await http.Request.Body.ReadAsync(buffer.GetMemory(4_096), http.RequestAborted) is var count and > 0)
        {
            buffer.Advance(count);
            if (buffer.WrittenCount > maximumBytes)
            {
                throw new ApiErrorException(ApiError.PayloadTooLarge);
            }
        }
        return buffer.WrittenMemory;
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && (
            request.Headers.ContentEncoding.Count == 0
            || request.Headers.ContentEncoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase)
        );

    // A member given twice, at any depth, means one thing here and another to the service that the object is passed on to.
    private static JsonElement Parse(ReadOnlyMemory<byte> body, int maximumDepth)
    {
        try
        {
            // First: half a character in a name would break the search for names given twice
            if (!JsonTexts.AreWhole(body.Span, maximumDepth))
            {
                throw new ApiErrorException(ApiError.InvalidJson);
            }
            using var document = JsonDocument.Parse(
                body,
                new JsonDocumentOptions { MaxDepth = maximumDepth, AllowDuplicateProperties = false }
            );
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ApiErrorException(ApiError.InvalidJson);
        }
        catch (JsonException)
        {
            throw new ApiErrorException(ApiError.InvalidJson);
        }
    }
}
