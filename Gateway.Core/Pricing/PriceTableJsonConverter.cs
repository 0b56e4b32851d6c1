using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Core.Pricing;

/// <summary>For serializers: a price table is its object of pico-dollar rates.</summary>
public sealed class PriceTableJsonConverter : JsonConverter<PriceTable>
{
    /// <inheritdoc/>
    public override PriceTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PriceTableJson.TryRead(ref reader, RateUnit.PicoUsd, out var table, out var error) ? table : throw new JsonException(error);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PriceTable value, JsonSerializerOptions options) => value.Write(writer);
}
