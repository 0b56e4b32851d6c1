using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Core.Json;

/// <summary>Times in UTC with <c>Z</c> and at most milliseconds.</summary>
public sealed class UtcTimeConverter : JsonConverter<DateTime>
{
    /// <inheritdoc />
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTime().ToUniversalTime();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
