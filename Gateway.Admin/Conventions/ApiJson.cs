using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gateway.Core.Buffers;
using Gateway.Core.Json;

namespace Gateway.Admin.Conventions;

/// <summary>
/// How <c>/api/v1</c> writes JSON: snake_case names, every member present, times in UTC with <c>Z</c> and at most milliseconds.
/// </summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() });

    /// <summary>Makes other options write as these do.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new UtcTimeConverter());
        return options;
    }

    public static async Task WriteJsonAsync(this HttpContext http, Action<Utf8JsonWriter> write)
    {
        using var buffer = new PooledBuffer(1_024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = buffer.Length;
        await http.Response.Body.WriteAsync(buffer.Written, http.RequestAborted);
    }
}
