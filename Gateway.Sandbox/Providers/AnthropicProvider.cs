using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// Anthropic: its Messages API with <c>x-api-key</c> and <c>anthropic-version</c>, its compatible chat with a bearer token, and a list of
/// models in pages.
/// </summary>
internal sealed class AnthropicProvider(ProviderOptions options, string apiKey) : ProviderForm(options, apiKey)
{
    private const int PageSize = 2;

    protected override IReadOnlyList<string> Models { get; } = ["claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-5"];

    protected override ProviderRefusal? CheckKey(HttpRequest request, string path)
    {
        if (path == "/chat/completions")
        {
            return base.CheckKey(request, path);
        }
        if (request.Headers.Authorization.Count > 0)
        {
            return new(401, RefusalReason.WrongKey, "Invalid bearer token");
        }
        return request.Headers["x-api-key"].ToString() != ApiKey ? new(401, RefusalReason.WrongKey, "invalid x-api-key")
            : request.Headers["anthropic-version"].Count == 0 ? new(400, RefusalReason.Invalid, "anthropic-version: header is required")
            : null;
    }

    protected override JsonNode ErrorOf(ProviderRefusal refusal, string path)
    {
        var type = refusal.Reason switch
        {
            RefusalReason.NoKey or RefusalReason.WrongKey => "authentication_error",
            RefusalReason.NoModel or RefusalReason.NoRoute => "not_found_error",
            RefusalReason.Limit => "rate_limit_error",
            RefusalReason.Money => "billing_error",
            RefusalReason.Busy => "overloaded_error",
            RefusalReason.Fault => "api_error",
            _ => "invalid_request_error",
        };
        return path == "/chat/completions"
            ? new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["code"] = type,
                    ["message"] = refusal.Message,
                    ["type"] = type,
                    ["param"] = null,
                },
            }
            : new JsonObject
            {
                ["type"] = "error",
                ["error"] = new JsonObject { ["type"] = type, ["message"] = refusal.Message },
                ["request_id"] = "req_sandbox",
            };
    }

    protected override void AddHeaders(HttpContext http) => http.Response.Headers["request-id"] = "req_sandbox";

    protected override void AddLimitHeaders(HttpContext http)
    {
        http.Response.Headers["anthropic-ratelimit-requests-remaining"] = "0";
        http.Response.Headers["anthropic-ratelimit-requests-reset"] = TimeProvider
            .System.GetUtcNow()
            .AddSeconds(30)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    protected override JsonObject ListOf(HttpRequest request)
    {
        var all = Models.Concat(Options.ExtraModels).ToList();
        var from = request.Query["after_id"].ToString() is { Length: > 0 } after ? all.IndexOf(after) + 1 : 0;
        var page = all.Skip(from).Take(PageSize).ToList();
        return new JsonObject
        {
            ["data"] = new JsonArray([
                .. page.Select(name =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["type"] = "model",
                            ["id"] = name,
                            ["display_name"] = name,
                        }
                ),
            ]),
            ["has_more"] = from + page.Count < all.Count,
            ["first_id"] = page.FirstOrDefault(),
            ["last_id"] = page.LastOrDefault(),
        };
    }

    protected override ProviderRefusal? Check(ProviderRequest request) =>
        request.Path == "/messages" && request.Maximum is null ? new(400, RefusalReason.Invalid, "max_tokens: Field required") : null;

    protected override Func<Task>? Other(HttpContext http, ProviderRequest request) =>
        request.Path switch
        {
            "/messages" => () => request.Stream ? StreamAsync(http, request) : SendAsync(http, MessageOf(request)),
            "/messages/count_tokens" => () => SendAsync(http, new JsonObject { ["input_tokens"] = request.PromptTokens }),
            _ => null,
        };

    private static JsonObject MessageOf(ProviderRequest request) =>
        new()
        {
            ["id"] = "msg_" + Guid.CreateVersion7().ToString("N"),
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = request.Model,
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = string.Concat(request.Answer) }),
            ["stop_reason"] = request.IsCut ? "max_tokens" : "end_turn",
            ["stop_sequence"] = null,
            ["usage"] = MessageUsageOf(request, request.CompletionTokens),
        };

    private static JsonObject MessageUsageOf(ProviderRequest request, int outputTokens) =>
        new()
        {
            ["input_tokens"] = request.PromptTokens,
            ["cache_creation_input_tokens"] = 0,
            ["cache_read_input_tokens"] = 0,
            ["output_tokens"] = outputTokens,
            ["service_tier"] = "standard",
        };

    private static async Task StreamAsync(HttpContext http, ProviderRequest request)
    {
        var message = MessageOf(request);
        (message["content"], message["stop_reason"], message["usage"]) = (new JsonArray(), null, MessageUsageOf(request, 1));
        await EventAsync(new JsonObject { ["type"] = "message_start", ["message"] = message });
        var block = new JsonObject { ["type"] = "text", ["text"] = "" };
        await EventAsync(
            new JsonObject
            {
                ["type"] = "content_block_start",
                ["index"] = 0,
                ["content_block"] = block,
            }
        );
        await EventAsync(new JsonObject { ["type"] = "ping" });
        foreach (var word in request.Answer)
        {
            var delta = new JsonObject { ["type"] = "text_delta", ["text"] = word };
            await EventAsync(
                new JsonObject
                {
                    ["type"] = "content_block_delta",
                    ["index"] = 0,
                    ["delta"] = delta,
                }
            );
        }
        await EventAsync(new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        await EventAsync(
            new JsonObject
            {
                ["type"] = "message_delta",
                ["delta"] = new JsonObject { ["stop_reason"] = request.IsCut ? "max_tokens" : "end_turn", ["stop_sequence"] = null },
                ["usage"] = new JsonObject { ["output_tokens"] = request.CompletionTokens },
            }
        );
        await EventAsync(new JsonObject { ["type"] = "message_stop" });

        Task EventAsync(JsonObject data) => SendEventAsync(http, data.ToJsonString(), data["type"]!.GetValue<string>());
    }
}
