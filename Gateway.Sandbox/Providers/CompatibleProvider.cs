using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>A server of open models, as vLLM is: usage only where it is asked for, errors without an envelope, a key or none.</summary>
internal sealed class CompatibleProvider(ProviderOptions options, string apiKey) : ProviderForm(options, apiKey)
{
    protected override IReadOnlyList<string> Models { get; } = ["qwen3-8b", "gpt-oss-20b"];

    // Without a key of its own it asks for none.
    protected override ProviderRefusal? CheckKey(HttpRequest request, string path) =>
        Options.ApiKey is null ? null : base.CheckKey(request, path);

    protected override JsonNode ErrorOf(ProviderRefusal refusal, string path) =>
        new JsonObject
        {
            ["object"] = "error",
            ["message"] = refusal.Message,
            ["type"] = refusal.Reason switch
            {
                RefusalReason.NoKey or RefusalReason.WrongKey => "AuthenticationError",
                RefusalReason.NoModel or RefusalReason.NoRoute => "NotFoundError",
                RefusalReason.Fault or RefusalReason.Busy => "InternalServerError",
                _ => "BadRequestError",
            },
            ["param"] = refusal.Param,
            ["code"] = refusal.Status,
        };
}
