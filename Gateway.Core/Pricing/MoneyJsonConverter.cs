using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Core.Pricing;

/// <summary>Money in JSON is a number of US dollars in its shortest plain form (<c>0.00000175</c>). Decimal strings are read too.</summary>
public sealed class MoneyJsonConverter : JsonConverter<Money>
{
    /// <inheritdoc/>
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            throw new JsonException("An amount in US dollars is expected.");
        }
        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return Money.TryParse(text, out var money) ? money : throw new JsonException("Not an amount in US dollars, or out of range.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[Money.MaxTextLength];
        value.TryFormat(text, out var written);
        writer.WriteRawValue(text[..written], skipInputValidation: true);
    }
}
