using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Upstreams;

/// <summary>Names of models at an upstream, by their names here.</summary>
internal sealed class UpstreamModelsAttribute()
    : RuleAttribute("models", "must be an object of at most 10000 models, each a name here and null or a text of 1 to 255 characters")
{
    private const int MostModels = 10_000;
    private const int LongestName = 255;

    public override bool IsValid(object? value) =>
        value is not JsonObject models || (models.Count <= MostModels && models.All(m => m.Value is null || IsName(m.Value)));

    /// <summary>The name there of each name here.</summary>
    public static Dictionary<string, string> Read(JsonObject models) =>
        models.ToDictionary(m => m.Key, m => m.Value?.GetValue<string>() ?? m.Key, StringComparer.Ordinal);

    private static bool IsName(JsonNode name) =>
        name.GetValueKind() == JsonValueKind.String
        && name.GetValue<string>() is { Length: > 0 and <= LongestName } text
        && !text.Any(char.IsControl);
}
