using System.Text.Json.Serialization;

namespace Gateway.Callers;

/// <summary>Serialisers made at build time: a first call costs no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ListedModel))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
