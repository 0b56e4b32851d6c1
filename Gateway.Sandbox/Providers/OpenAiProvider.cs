using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// OpenAI: refuses members that it does not know, and <c>max_tokens</c> for models that reason; keeps responses, conversations, files and
/// batches. Verdicts, pictures and sound stand in <see cref="OpenAiThings"/>.
/// </summary>
internal sealed class OpenAiProvider : ProviderForm
{
    private static readonly string[] KnownOfTexts =
    [
        "model",
        "messages",
        "input",
        "prompt",
        "stream",
        "stream_options",
        "max_tokens",
        "max_completion_tokens",
        "max_output_tokens",
        "temperature",
        "top_p",
        "n",
        "stop",
        "user",
        "tools",
        "tool_choice",
        "response_format",
        "previous_response_id",
        "conversation",
        "dimensions",
        "encoding_format",
    ];

    private readonly ConcurrentDictionary<string, JsonObject> _responses = new();
    private readonly ProviderStore _store;

    public OpenAiProvider(ProviderOptions options, string apiKey)
        : base(options, apiKey) =>
        _store = new ProviderStore(
            (path, body) => path == "/responses" ? ResponseOf(new ProviderRequest(body, path)) : AnswerOf(new ProviderRequest(body, path))
        );

    protected override IReadOnlyList<string> Models { get; } =
    ["gpt-4o-mini", "gpt-5-mini", "text-embedding-3-small", .. OpenAiThings.Models, .. RealtimeScript.Models];

    protected override JsonNode ErrorOf(ProviderRefusal refusal, string path)
    {
        var (type, code) = refusal.Reason switch
        {
            RefusalReason.NoKey => ("invalid_request_error", null),
            RefusalReason.WrongKey => ("invalid_request_error", "invalid_api_key"),
            RefusalReason.NoModel => ("invalid_request_error", "model_not_found"),
            RefusalReason.Limit => ("requests", "rate_limit_exceeded"),
            RefusalReason.Money => ("insufficient_quota", "insufficient_quota"),
            RefusalReason.Fault or RefusalReason.Busy => ("server_error", null),
            _ => ("invalid_request_error", (string?)null),
        };
        return new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = refusal.Message,
                ["type"] = type,
                ["param"] = refusal.Param,
                ["code"] = code,
            },
        };
    }

    protected override void AddHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers["openai-version"] = "2020-10-01";
        headers["openai-processing-ms"] = "12";
        headers["x-request-id"] = "req_" + Guid.CreateVersion7().ToString("N");
        headers["x-ratelimit-limit-requests"] = "500";
        headers["x-ratelimit-remaining-requests"] = "499";
        headers["x-ratelimit-reset-requests"] = "120ms";
    }

    protected override void AddLimitHeaders(HttpContext http)
    {
        http.Response.Headers["x-ratelimit-remaining-requests"] = "0";
        http.Response.Headers["x-ratelimit-reset-requests"] = "1m1.5s";
    }

    protected override ProviderRefusal? Check(ProviderRequest request)
    {
        var known = OpenAiThings.KnownOf(request) ?? KnownOfTexts;
        if (request.Body.Select(m => m.Key).Except(known).FirstOrDefault() is { } unknown)
        {
            return new(400, RefusalReason.Invalid, $"Unknown parameter: '{unknown}'.", unknown);
        }
        if (OpenAiThings.Missing(request) is { } missing)
        {
            return new(400, RefusalReason.Invalid, $"Missing required parameter: '{missing}'.", missing);
        }
        return
            request.Path == "/chat/completions"
            && request.Model.StartsWith("gpt-5", StringComparison.Ordinal)
            && request.Body.ContainsKey("max_tokens")
            ? new(
                400,
                RefusalReason.Invalid,
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                "max_tokens"
            )
            : null;
    }

    protected override JsonObject UsageOf(ProviderRequest request)
    {
        var usage = base.UsageOf(request);
        usage["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 };
        usage["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0, ["audio_tokens"] = 0 };
        return usage;
    }

    protected override Func<Task>? Other(HttpContext http, ProviderRequest request) =>
        OpenAiThings.JsonOf(request) is { } thing ? () => SendAsync(http, thing)
        : request.Path == OpenAiThings.Speech ? () => OpenAiThings.SpeakAsync(http)
        : request.Path == "/responses/input_tokens"
            ? () => SendAsync(http, new JsonObject { ["object"] = "response.input_tokens", ["input_tokens"] = request.PromptTokens })
        : request.Path != "/responses" ? null
        : request.Body["previous_response_id"]?.GetValue<string>() is { } previous && !_responses.ContainsKey(previous)
            ? () => SendAsync(http, ErrorOf(new(400, RefusalReason.Invalid, $"Previous response with id '{previous}' not found."), ""), 400)
        : ConversationOf(request) is { } conversation && !_store.HasConversation(conversation)
            ? () => SendAsync(http, ErrorOf(new(404, RefusalReason.Invalid, $"Conversation with id '{conversation}' not found."), ""), 404)
        : () => SendAsync(http, ResponseOf(request));

    protected override Func<Task>? Session(HttpContext http, string path) =>
        path != "/realtime" ? null
        : http.Request.Query["model"].ToString() is var model && Knows(model) ? () => RealtimeScript.RunAsync(http, model)
        : () => SendAsync(http, ErrorOf(new(404, RefusalReason.NoModel, $"The model `{model}` does not exist.", "model"), path), 404);

    protected override Func<Task>? Kept(HttpContext http, string path, string body) =>
        ProviderStore.Has(path) ? () => AnswerKeptAsync(http, path, body) : null;

    private Task AnswerKeptAsync(HttpContext http, string path, string body)
    {
        var (json, text) = _store.Answer(http.Request, path, body) ?? (null, null);
        if (text is not null)
        {
            http.Response.ContentType = "application/octet-stream";
            return http.Response.WriteAsync(text);
        }
        return json is null
            ? SendAsync(http, ErrorOf(new(404, RefusalReason.Invalid, $"No such object: {path}"), path), 404)
            : SendAsync(http, json);
    }

    private static string? ConversationOf(ProviderRequest request) =>
        request.Body["conversation"] is { } named
            ? (named as JsonObject ?? new() { ["id"] = named.DeepClone() })["id"]!.GetValue<string>()
            : null;

    protected override JsonNode? Find(HttpRequest request, string path) =>
        path.StartsWith("/responses/", StringComparison.Ordinal) && _responses.TryGetValue(path["/responses/".Length..], out var response)
            ? response.DeepClone()
            : null;

    private JsonObject ResponseOf(ProviderRequest request)
    {
        var response = new JsonObject
        {
            ["id"] = "resp_" + Guid.CreateVersion7().ToString("N"),
            ["object"] = "response",
            ["status"] = "completed",
            ["model"] = request.Model,
            ["output"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "message",
                    ["role"] = "assistant",
                    ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = string.Concat(request.Answer) }),
                }
            ),
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = request.PromptTokens,
                ["output_tokens"] = request.CompletionTokens,
                ["total_tokens"] = request.PromptTokens + request.CompletionTokens,
            },
        };
        _responses[response["id"]!.GetValue<string>()] = (JsonObject)response.DeepClone();
        return response;
    }
}
