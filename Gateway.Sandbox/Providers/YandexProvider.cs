using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// Yandex AI Studio's compatible endpoint: the key goes as <c>Api-Key</c>, models are addresses with the folder, errors have gRPC's codes.
/// </summary>
internal sealed class YandexProvider(ProviderOptions options, string apiKey) : ProviderForm(options, apiKey)
{
    protected override IReadOnlyList<string> Models { get; } =
    [
        $"gpt://{options.Folder}/yandexgpt/latest",
        $"gpt://{options.Folder}/yandexgpt-lite/latest",
        $"emb://{options.Folder}/text-search-doc/latest",
    ];

    protected override ProviderRefusal? CheckKey(HttpRequest request, string path) =>
        request.Headers.Authorization.ToString() is not { Length: > 0 } shown
            ? new(401, RefusalReason.NoKey, "Authorization header is missing")
        : shown != "Api-Key " + ApiKey ? new(401, RefusalReason.WrongKey, "Unknown api key")
        : null;

    protected override ProviderRefusal? Check(ProviderRequest request) =>
        request.Model.Contains("://", StringComparison.Ordinal)
            ? null
            : new(400, RefusalReason.Invalid, $"Failed to parse model URI '{request.Model}'");

    protected override bool Knows(string model) => base.Knows(model) || !model.Contains("://", StringComparison.Ordinal);

    protected override JsonNode ErrorOf(ProviderRefusal refusal, string path)
    {
        var (code, word) = refusal.Reason switch
        {
            RefusalReason.NoKey or RefusalReason.WrongKey => (16, "Unauthorized"),
            RefusalReason.NoModel or RefusalReason.NoRoute => (5, "Not Found"),
            RefusalReason.Limit or RefusalReason.Money => (8, "Too Many Requests"),
            RefusalReason.Busy => (14, "Service Unavailable"),
            RefusalReason.Fault => (13, "Internal Server Error"),
            _ => (3, "Bad Request"),
        };
        return new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["grpcCode"] = code,
                ["httpCode"] = refusal.Status,
                ["message"] = refusal.Message,
                ["httpStatus"] = word,
                ["details"] = new JsonArray(),
            },
        };
    }
}
