using System.Text.Json.Serialization;

namespace Gateway.Limits;

/// <summary>Serialisers made at build time: a first call costs no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KeyView))]
internal sealed partial class KeyJson : JsonSerializerContext;
