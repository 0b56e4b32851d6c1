using System.Text.Json.Serialization;

namespace Gateway.Hosting;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LiveView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(RootView))]
internal sealed partial class HealthJson : JsonSerializerContext;
