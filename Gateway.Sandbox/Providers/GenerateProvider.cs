using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// A service of one model: <c>POST /api/v1/generate/stream</c> takes a prompt or messages, a maximum and a temperature, and answers lines
/// of JSON. It tells no usage, lists no models, and refuses as FastAPI does.
/// </summary>
internal sealed class GenerateProvider(ProviderOptions options, string apiKey) : ProviderForm(options, apiKey)
{
    private const string Path = "/generate/stream";

    private static readonly string[] Known = ["prompt", "messages", "max_tokens", "temperature"];

    protected override string Prefix => "/api/v1";

    protected override IReadOnlyList<string> Models { get; } = [];

    // Without a key of its own it asks for none.
    protected override ProviderRefusal? CheckKey(HttpRequest request, string path) =>
        Options.ApiKey is null ? null : base.CheckKey(request, path);

    protected override bool Knows(string model) => true; // calls name none

    protected override JsonObject? ListOf(HttpRequest request) => null;

    protected override ProviderRefusal? Check(ProviderRequest request) =>
        request.Body.Select(m => m.Key).Except(Known).FirstOrDefault() is { } unknown
            ? new(422, RefusalReason.Invalid, "Extra inputs are not permitted", unknown)
        : request.Body.ContainsKey("prompt") == request.Body.ContainsKey("messages")
            ? new(422, RefusalReason.Invalid, "Field required", "messages")
        : null;

    protected override Func<Task>? Other(HttpContext http, ProviderRequest request) =>
        request.Path == Path ? () => GenerateAsync(http, request) : null;

    protected override JsonNode ErrorOf(ProviderRefusal refusal, string path) =>
        new JsonObject
        {
            ["detail"] =
                refusal.Status == 422
                    ? new JsonArray(
                        new JsonObject
                        {
                            ["type"] = "value_error",
                            ["loc"] = new JsonArray("body", refusal.Param),
                            ["msg"] = refusal.Message,
                        }
                    )
                    : refusal.Message,
        };

    private static async Task GenerateAsync(HttpContext http, ProviderRequest request)
    {
        http.Response.ContentType = "application/x-ndjson";
        foreach (var word in request.Answer)
        {
            await LineAsync(new JsonObject { ["token"] = word });
        }
        await LineAsync(new JsonObject { ["done"] = true });

        async Task LineAsync(JsonObject line)
        {
            await http.Response.WriteAsync(line.ToJsonString() + "\n");
            await http.Response.Body.FlushAsync();
        }
    }
}
