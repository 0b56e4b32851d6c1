using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// Google's compatible endpoint: models are listed as <c>models/...</c>, errors stand in an array, a wrong key is a 400, usage comes with
/// each chunk, and thoughts are counted in the total alone.
/// </summary>
internal sealed class GoogleProvider(ProviderOptions options, string apiKey) : ProviderForm(options, apiKey)
{
    /// <summary>Tokens of thoughts of each answer.</summary>
    private const int Thoughts = 5;

    private const string Listed = "models/";

    protected override string Prefix => "/v1beta/openai";

    protected override bool TellsUsageOnEachChunk => true;

    protected override IReadOnlyList<string> Models { get; } = ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-embedding-001"];

    protected override ProviderRefusal? CheckKey(HttpRequest request, string path) =>
        base.CheckKey(request, path) switch
        {
            { Reason: RefusalReason.NoKey } refusal => refusal with { Message = "Missing or invalid Authorization header." },
            { } refusal => refusal with { Status = 400, Message = "API key not valid. Please pass a valid API key." },
            null => null,
        };

    protected override JsonNode ErrorOf(ProviderRefusal refusal, string path)
    {
        var word = refusal.Reason switch
        {
            RefusalReason.NoKey => "UNAUTHENTICATED",
            RefusalReason.NoModel or RefusalReason.NoRoute => "NOT_FOUND",
            RefusalReason.Limit or RefusalReason.Money => "RESOURCE_EXHAUSTED",
            RefusalReason.Busy => "UNAVAILABLE",
            RefusalReason.Fault => "INTERNAL",
            _ => "INVALID_ARGUMENT",
        };
        var error = new JsonObject
        {
            ["code"] = refusal.Status,
            ["message"] = refusal.Message,
            ["status"] = word,
        };
        if (refusal.Reason == RefusalReason.WrongKey)
        {
            error["details"] = new JsonArray(
                new JsonObject
                {
                    ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                    ["reason"] = "API_KEY_INVALID",
                    ["domain"] = "googleapis.com",
                }
            );
        }
        else if (refusal.Reason == RefusalReason.Limit)
        {
            error["details"] = new JsonArray(
                new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = "37s" }
            );
        }
        return new JsonArray(new JsonObject { ["error"] = error });
    }

    protected override JsonObject ModelOf(string name)
    {
        var model = base.ModelOf(Listed + name);
        model.Remove("created");
        return model;
    }

    protected override bool Knows(string model) =>
        base.Knows(model.StartsWith(Listed, StringComparison.Ordinal) ? model[Listed.Length..] : model);

    protected override JsonObject UsageOf(ProviderRequest request)
    {
        var usage = base.UsageOf(request);
        usage["total_tokens"] = request.PromptTokens + request.CompletionTokens + Thoughts;
        return usage;
    }
}
