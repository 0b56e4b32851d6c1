using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Admin.Conventions;
using Gateway.Admin.Replies;

namespace Gateway.Admin.LiteLlm;

/// <summary>The settings of LiteLLM's budgets, as LiteLLM tells them.</summary>
[Alias("settings", "settings")]
[JsonConverter(typeof(Converter))]
internal sealed record BudgetSettings(JsonElement Value)
{
    private sealed class Converter : JsonConverter<BudgetSettings>
    {
        public override BudgetSettings Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, BudgetSettings value, JsonSerializerOptions options) =>
            value.Value.WriteTo(writer);
    }
}
