using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Core.Pricing;

/// <summary>
/// Reads rows of LiteLLM's <c>/model/info</c>. A null or absent price is unpriced, zero is free; numbers may be integers, floats or
/// decimal strings and are taken from their text, never through a double. Unknown fields are left alone.
/// </summary>
public static class LiteLlmPriceReader
{
    /// <summary>Reads one element of <c>data</c>. False when it names no model.</summary>
    public static bool TryRead(JsonElement row, [NotNullWhen(true)] out LiteLlmDeployment? deployment)
    {
        deployment = null;
        if (row.ValueKind != JsonValueKind.Object || Text(row, "model_name") is not { Length: > 0 } modelName)
        {
            return false;
        }
        var info = Child(row, "model_info");
        var parameters = Child(row, "litellm_params");
        var (origin, source) = PriceSource(info, parameters);
        var unused = new List<string>();
        var mode = Text(info, "mode");
        var prices = ReadPrices(source, mode, unused);
        deployment = new()
        {
            ModelName = modelName,
            DeploymentId = Text(info, "id"),
            UpstreamModel = Text(parameters, "model"),
            MapName = Text(info, "key"),
            BaseModel = Text(info, "base_model"),
            Provider = Text(info, "litellm_provider"),
            Mode = mode,
            MaxInputTokens = Count(info, "max_input_tokens"),
            MaxOutputTokens = Count(info, "max_output_tokens") ?? Count(info, "max_tokens"),
            Dimensions = (int?)Math.Min(Count(info, "output_vector_size") ?? -1, int.MaxValue) is >= 0 and var size ? size : null,
            IsInDatabase =
                info.ValueKind == JsonValueKind.Object
                && info.TryGetProperty("db_model", out var stored)
                && stored.ValueKind == JsonValueKind.True,
            Supports = ReadSupports(info),
            Prices = prices,
            PriceOrigin = prices.IsEmpty ? LiteLlmPriceOrigin.None : origin,
            UnusedPriceFields = unused,
        };
        return true;
    }

    /// <summary>
    /// Reads the price fields of one object of LiteLLM's form (a <c>model_info</c>, an entry of its price map).
    /// </summary>
    /// <param name="source">The object; anything else has no prices.</param>
    /// <param name="mode">The model's mode: models that make images state an output price of zero where they mean none.</param>
    /// <param name="unused">Gets the names of price fields above zero that are not taken.</param>
    public static PriceTable ReadPrices(JsonElement source, string? mode, ICollection<string> unused)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            return PriceTable.Empty;
        }
        var rates = new List<StatedRate>();
        AddTieredPricing(rates, source);
        AddFields(rates, source, 0, unused);
        if (TryReadRate(source, "input_cost_per_token_cache_hit", out var cacheHit))
        {
            rates.Insert(0, new(RateKey.For(TokenClass.CacheRead), cacheHit)); // DeepSeek's older name: the newer one overrules it
        }
        AddSearchPrices(rates, source);
        if (
            mode is "image_generation" or "image_edit"
            && rates.Any(rate => rate.Key == RateKey.For(TokenClass.OutputImage) && rate.Rate != Rate.Zero)
        )
        {
            rates.RemoveAll(rate => rate.Key == RateKey.For(TokenClass.Output) && rate.Rate == Rate.Zero);
        }
        return PriceTable.Create(rates);
    }

    /// <summary>Whether a member of a <c>model_info</c> or <c>litellm_params</c> states a price.</summary>
    public static bool IsPriceMember(string name) => LiteLlmPriceField.IsPrice(name);

    // 1.109 lists the admin's own prices in pricing_overrides and bills by model_info. 1.81 has no such list, bills by litellm_params
    // alone when it states any price, and still shows the map's prices in model_info.
    private static (LiteLlmPriceOrigin Origin, JsonElement Source) PriceSource(JsonElement info, JsonElement parameters)
    {
        var knowsOverrides = info.ValueKind == JsonValueKind.Object && info.TryGetProperty("pricing_overrides", out _);
        var hasOwn = parameters.ValueKind == JsonValueKind.Object && parameters.EnumerateObject().Any(StatesPrice);
        return hasOwn && !knowsOverrides ? (LiteLlmPriceOrigin.LiteLlmParams, parameters) : (LiteLlmPriceOrigin.ModelInfo, info);
    }

    private static bool StatesPrice(JsonProperty field) =>
        (LiteLlmPriceField.IsPrice(field.Name) || field.Name == "tiered_pricing")
        && field.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    private static void AddFields(List<StatedRate> rates, JsonElement source, long abovePromptTokens, ICollection<string> unused)
    {
        foreach (var field in source.EnumerateObject())
        {
            if (!LiteLlmPriceField.IsPrice(field.Name) || !TryReadRate(field.Value, out var rate))
            {
                continue;
            }
            if (
                LiteLlmPriceField.TryParse(field.Name, out var key)
                && (abovePromptTokens == 0 || key is { AbovePromptTokens: 0, Class: not null })
            )
            {
                rates.Add(new(abovePromptTokens == 0 ? key : RateKey.For(key.Class!.Value, key.Tier, abovePromptTokens), rate));
            }
            else if (rate != Rate.Zero && field.Name != "input_cost_per_token_cache_hit")
            {
                unused.Add(field.Name);
            }
        }
    }

    /// <summary>
    /// Steps such as <c>[{"range":[0,256000],...},{"range":[256000,1000000],...}]</c>: the whole call at the step its prompt falls in.
    /// </summary>
    private static void AddTieredPricing(List<StatedRate> rates, JsonElement source)
    {
        if (!source.TryGetProperty("tiered_pricing", out var steps) || steps.ValueKind != JsonValueKind.Array)
        {
            return;
        }
        var isFirst = true;
        foreach (
            var (start, step) in steps
                .EnumerateArray()
                .Select(step => (Start: RangeStart(step), step))
                .Where(step => step.Start is not null)
                .OrderBy(step => step.Start)
        )
        {
            // A prompt below the first step has no price at LiteLLM; the first step's is the nearest to it.
            AddFields(rates, step, isFirst ? 0 : start!.Value, []);
            isFirst = false;
        }
    }

    private static long? RangeStart(JsonElement step) =>
        step.ValueKind == JsonValueKind.Object
        && step.TryGetProperty("range", out var range)
        && range.ValueKind == JsonValueKind.Array
        && range.GetArrayLength() > 0
            ? Count(range[0])
            : null;

    private static void AddSearchPrices(List<StatedRate> rates, JsonElement source)
    {
        var search = Child(source, "search_context_cost_per_query");
        foreach (
            var (name, item) in new[]
            {
                ("low", PricedItem.SearchLow),
                ("medium", PricedItem.SearchMedium),
                ("high", PricedItem.SearchHigh),
            }
        )
        {
            if (TryReadRate(search, "search_context_size_" + name, out var rate))
            {
                rates.Add(new(RateKey.For(item), rate));
            }
        }
    }

    private static List<string> ReadSupports(JsonElement info)
    {
        const string Prefix = "supports_";
        return info.ValueKind != JsonValueKind.Object
            ? []
            :
            [
                .. info.EnumerateObject()
                    .Where(field => field.Value.ValueKind == JsonValueKind.True && field.Name.StartsWith(Prefix, StringComparison.Ordinal))
                    .Select(field => field.Name[Prefix.Length..])
                    .Order(StringComparer.Ordinal),
            ];
    }

    private static bool TryReadRate(JsonElement source, string field, out Rate rate)
    {
        rate = default;
        return source.ValueKind == JsonValueKind.Object && source.TryGetProperty(field, out var value) && TryReadRate(value, out rate);
    }

    private static bool TryReadRate(JsonElement value, out Rate rate)
    {
        rate = default;
        return value.ValueKind switch
        {
            JsonValueKind.Number => Rate.TryParseUsd(JsonMarshal.GetRawUtf8Value(value), out rate),
            JsonValueKind.String => Rate.TryParseUsd(value.GetString(), out rate),
            _ => false,
        };
    }

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Count(JsonElement parent, string name) => Count(Child(parent, name));

    /// <summary>Limits come as integers, floats (<c>128000.0</c>) or strings.</summary>
    private static long? Count(JsonElement value)
    {
        var read = value.ValueKind switch
        {
            JsonValueKind.Number => DecimalText.TryParseScaled(JsonMarshal.GetRawUtf8Value(value), 0, out var number) ? number : -1,
            JsonValueKind.String => DecimalText.TryParseScaled(value.GetString(), 0, out var number) ? number : -1,
            _ => -1,
        };
        return read >= 0 ? read : null;
    }
}
