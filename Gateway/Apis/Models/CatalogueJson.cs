using System.Text.Json.Serialization;

namespace Gateway.Apis.Models;

/// <summary>Serialisers made at build time: a first call costs no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ListedModel))]
[JsonSerializable(typeof(AnthropicModel))]
[JsonSerializable(typeof(AnthropicModelPage))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
