using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Gateway.Core.Pricing;

/// <summary>Price tables as JSON objects: <c>{"input":2500000,"output@priority":17000000}</c>.</summary>
public static class PriceTableJson
{
    /// <summary>Writes the stated rates as one object.</summary>
    public static void Write(this PriceTable table, Utf8JsonWriter writer, RateUnit unit = RateUnit.PicoUsd)
    {
        Span<char> text = stackalloc char[24];
        writer.WriteStartObject();
        foreach (var (key, rate) in table.Stated)
        {
            writer.WritePropertyName(key.ToString());
            if (unit == RateUnit.PicoUsd)
            {
                writer.WriteNumberValue(rate.PicoUsd);
            }
            else
            {
                rate.TryFormat(text, out var written);
                writer.WriteRawValue(text[..written], skipInputValidation: true);
            }
        }
        writer.WriteEndObject();
    }

    /// <summary>The stated rates as one JSON object.</summary>
    public static string ToJson(this PriceTable table, RateUnit unit = RateUnit.PicoUsd)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            table.Write(writer, unit);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>
    /// Reads the object the reader stands on; a null value is an unstated rate. False, with a text that names the member, when a key or a
    /// value is none we know; the reader then stands within the object.
    /// </summary>
    /// <exception cref="JsonException">The JSON itself is broken.</exception>
    public static bool TryRead(
        ref Utf8JsonReader reader,
        RateUnit unit,
        [NotNullWhen(true)] out PriceTable? table,
        [NotNullWhen(false)] out string? error
    )
    {
        table = null;
        error = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            error = "An object of rates is expected.";
            return false;
        }
        var rates = new List<StatedRate>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }
            if (!RateKey.TryParse(name, out var key) || !TryReadRate(ref reader, unit, out var rate))
            {
                error =
                    $"'{name}' is no rate: a key such as \"input\" or \"output@priority>200000\" and a number of "
                    + $"{(unit == RateUnit.Usd ? "USD" : "pico-USD")} from zero up are expected.";
                return false;
            }
            rates.Add(new StatedRate(key, rate));
        }
        table = PriceTable.Create(rates);
        return true;
    }

    /// <summary>Reads one object of rates from text. Never throws.</summary>
    public static bool TryParse(
        string json,
        RateUnit unit,
        [NotNullWhen(true)] out PriceTable? table,
        [NotNullWhen(false)] out string? error
    )
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            if (reader.Read() && TryRead(ref reader, unit, out table, out error))
            {
                if (!reader.Read())
                {
                    return true;
                }
                error = "Text after the object of rates.";
            }
            else
            {
                error = "An object of rates is expected.";
            }
        }
        catch (JsonException broken)
        {
            error = broken.Message;
        }
        table = null;
        return false;
    }

    internal static bool TryReadRate(ref Utf8JsonReader reader, RateUnit unit, out Rate rate)
    {
        rate = default;
        if (reader.TokenType != JsonTokenType.Number)
        {
            return false;
        }
        if (unit == RateUnit.Usd)
        {
            return Rate.TryParseUsd(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, out rate);
        }
        if (!reader.TryGetInt64(out var picoUsd) || picoUsd is < 0 or > Rate.MaxPicoUsd)
        {
            return false;
        }
        rate = Rate.FromPicoUsd(picoUsd);
        return true;
    }
}
