using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>How a provider is spoken to, and how it answers. Chat and embeddings are OpenAI's but for what each form changes.</summary>
internal abstract class ProviderForm(ProviderOptions options, string apiKey)
{
    private const string Created = "1764504000";

    /// <summary>What this server is.</summary>
    protected ProviderOptions Options { get; } = options;

    /// <summary>The key.</summary>
    protected string ApiKey { get; } = apiKey;

    /// <summary>What stands before the paths of APIs.</summary>
    protected virtual string Prefix => "/v1";

    /// <summary>The models as a call names them.</summary>
    protected abstract IReadOnlyList<string> Models { get; }

    /// <summary>Whether a stream of chat tells usage on each chunk, asked or not.</summary>
    protected virtual bool TellsUsageOnEachChunk => false;

    /// <summary>Answers a call.</summary>
    /// <param name="http">The call's.</param>
    /// <param name="body">Its body.</param>
    /// <param name="failsWith">The status that all calls are refused with; null: none.</param>
    public async Task AnswerAsync(HttpContext http, string body, int? failsWith)
    {
        var path = http.Request.Path.Value!;
        if (!path.StartsWith(Prefix + "/", StringComparison.Ordinal))
        {
            await RefuseAsync(http, path, new(404, RefusalReason.NoRoute, $"There is no {path} here."));
            return;
        }
        path = path[Prefix.Length..];
        AddHeaders(http);
        if (CheckKey(http.Request, path) is { } refusal)
        {
            await RefuseAsync(http, path, refusal);
        }
        else if (failsWith is { } status)
        {
            await RefuseAsync(http, path, Scripted(status));
        }
        else if (Kept(http, path, body) is { } kept)
        {
            await kept();
        }
        else if (http.WebSockets.IsWebSocketRequest && Session(http, path) is { } session)
        {
            await session();
        }
        else if (HttpMethods.IsGet(http.Request.Method))
        {
            await ReadAsync(http, path);
        }
        else
        {
            await CallAsync(http, path, body);
        }
    }

    /// <summary>Whether the key stands where it has to.</summary>
    protected virtual ProviderRefusal? CheckKey(HttpRequest request, string path) =>
        request.Headers.Authorization.ToString() is not { Length: > 0 } shown
            ? new(401, RefusalReason.NoKey, "You didn't provide an API key.")
        : shown != "Bearer " + ApiKey ? new(401, RefusalReason.WrongKey, $"Incorrect API key provided: {shown[^4..]}.")
        : null;

    /// <summary>A refusal in the provider's envelope.</summary>
    protected abstract JsonNode ErrorOf(ProviderRefusal refusal, string path);

    /// <summary>Headers of each answer.</summary>
    protected virtual void AddHeaders(HttpContext http) { }

    /// <summary>Headers of a refusal for a limit.</summary>
    protected virtual void AddLimitHeaders(HttpContext http) { }

    /// <summary>A row of the list of models.</summary>
    protected virtual JsonObject ModelOf(string name) =>
        new()
        {
            ["id"] = name,
            ["object"] = "model",
            ["created"] = JsonNode.Parse(Created),
            ["owned_by"] = Options.Kind,
        };

    /// <summary>What is wrong with a body; null when nothing is.</summary>
    protected virtual ProviderRefusal? Check(ProviderRequest request) => null;

    /// <summary>Whether the model is known.</summary>
    protected virtual bool Knows(string model) => Models.Contains(model) || Options.ExtraModels.Contains(model);

    /// <summary>Answers an API other than chat and embeddings; null when the provider does not have it.</summary>
    protected virtual Func<Task>? Other(HttpContext http, ProviderRequest request) => null;

    /// <summary>Answers what is asked of things that the provider keeps; null when something else is asked.</summary>
    protected virtual Func<Task>? Kept(HttpContext http, string path, string body) => null;

    /// <summary>Runs a session over a WebSocket; null when the provider has none there.</summary>
    protected virtual Func<Task>? Session(HttpContext http, string path) => null;

    /// <summary>The answer of a chat or an embedding.</summary>
    protected JsonObject AnswerOf(ProviderRequest request) => request.Path == "/embeddings" ? EmbeddingOf(request) : ChatOf(request);

    /// <summary>The usage of a chat.</summary>
    protected virtual JsonObject UsageOf(ProviderRequest request) =>
        new()
        {
            ["prompt_tokens"] = request.PromptTokens,
            ["completion_tokens"] = request.CompletionTokens,
            ["total_tokens"] = request.PromptTokens + request.CompletionTokens,
        };

    /// <summary>What is read by GET beside the models; null when there is nothing.</summary>
    protected virtual JsonNode? Find(HttpRequest request, string path) => null;

    /// <summary>The list of models; null when the provider does not list them.</summary>
    protected virtual JsonObject? ListOf(HttpRequest request) =>
        new() { ["object"] = "list", ["data"] = new JsonArray([.. Models.Concat(Options.ExtraModels).Select(m => (JsonNode)ModelOf(m))]) };

    /// <summary>Sends JSON.</summary>
    protected static Task SendAsync(HttpContext http, JsonNode json, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json.ToJsonString());
    }

    /// <summary>Sends an event at once.</summary>
    protected static async Task SendEventAsync(HttpContext http, string data, string? name = null)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = "text/event-stream";
        }
        await http.Response.WriteAsync($"{(name is null ? "" : $"event: {name}\n")}data: {data}\n\n");
        await http.Response.Body.FlushAsync();
    }

    private async Task ReadAsync(HttpContext http, string path)
    {
        var found = path == "/models" ? ListOf(http.Request) : Find(http.Request, path);
        await (
            found is null
                ? RefuseAsync(http, path, new(404, RefusalReason.NoRoute, $"Unknown request URL: GET {path}."))
                : SendAsync(http, found)
        );
    }

    private async Task CallAsync(HttpContext http, string path, string body)
    {
        var (members, files) = http.Request.HasFormContentType ? await ReadFormAsync(http) : (TryParse(body), 0);
        if (members is null)
        {
            await RefuseAsync(http, path, new(400, RefusalReason.Invalid, "The body is no JSON object."));
            return;
        }
        var request = new ProviderRequest(members, path) { FileBytes = files };
        var answer = path switch
        {
            "/chat/completions" => () => request.Stream ? StreamChatAsync(http, request) : SendAsync(http, ChatOf(request)),
            "/embeddings" => () => SendAsync(http, EmbeddingOf(request)),
            _ => Other(http, request),
        };
        var refusal =
            answer is null ? new(404, RefusalReason.NoRoute, $"Unknown request URL: POST {path}.")
            : !Knows(request.Model)
                ? new(404, RefusalReason.NoModel, $"The model `{request.Model}` does not exist or you do not have access to it.", "model")
            : Check(request);
        await (refusal is null ? answer!() : RefuseAsync(http, path, refusal));
    }

    private static JsonObject? TryParse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Its fields as members, each a text but for switches and whole numbers; and the bytes of its files.
    private static async Task<(JsonObject? Members, long FileBytes)> ReadFormAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var members = new JsonObject();
        foreach (var (name, values) in form)
        {
            var value = values.ToString();
            members[name] =
                bool.TryParse(value, out var isOn) ? isOn
                : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : value;
        }
        foreach (var file in form.Files)
        {
            members[file.Name] = file.FileName;
        }
        return (members, form.Files.Sum(f => f.Length));
    }

    private Task RefuseAsync(HttpContext http, string path, ProviderRefusal refusal)
    {
        if (refusal.Reason == RefusalReason.Limit)
        {
            AddLimitHeaders(http);
        }
        return SendAsync(http, ErrorOf(refusal, path), refusal.Status);
    }

    private static ProviderRefusal Scripted(int status) =>
        status switch
        {
            401 => new(401, RefusalReason.WrongKey, "Incorrect API key provided."),
            402 => new(402, RefusalReason.Money, "The account has no money left."),
            404 => new(404, RefusalReason.NoModel, "The model does not exist or you do not have access to it.", "model"),
            429 => new(429, RefusalReason.Limit, "Rate limit reached for requests per minute."),
            503 or 529 => new(status, RefusalReason.Busy, "Overloaded"),
            >= 500 => new(status, RefusalReason.Fault, "The server had an error while processing your request."),
            _ => new(status, RefusalReason.Invalid, "The request is invalid."),
        };

    private JsonObject ChatOf(ProviderRequest request) =>
        new()
        {
            ["id"] = "chatcmpl-" + Guid.CreateVersion7().ToString("N"),
            ["object"] = "chat.completion",
            ["created"] = JsonNode.Parse(Created),
            ["model"] = request.Model,
            ["choices"] = new JsonArray(
                new JsonObject
                {
                    ["index"] = 0,
                    ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = string.Concat(request.Answer) },
                    ["finish_reason"] = request.IsCut ? "length" : "stop",
                }
            ),
            ["usage"] = UsageOf(request),
        };

    private async Task StreamChatAsync(HttpContext http, ProviderRequest request)
    {
        var id = "chatcmpl-" + Guid.CreateVersion7().ToString("N");
        foreach (var word in request.Answer)
        {
            var chunk = ChunkOf(id, request, new JsonObject { ["content"] = word }, finish: null);
            if (TellsUsageOnEachChunk)
            {
                chunk["usage"] = UsageOf(request);
            }
            await SendEventAsync(http, chunk.ToJsonString());
        }
        var last = ChunkOf(id, request, [], request.IsCut ? "length" : "stop");
        if (TellsUsageOnEachChunk)
        {
            last["usage"] = UsageOf(request);
        }
        await SendEventAsync(http, last.ToJsonString());
        if (request.IncludeUsage && !TellsUsageOnEachChunk)
        {
            var usage = ChunkOf(id, request, null, finish: null);
            usage["usage"] = UsageOf(request);
            await SendEventAsync(http, usage.ToJsonString());
        }
        await SendEventAsync(http, "[DONE]");
    }

    // Without a delta it has no choices: the chunk of the usage.
    private static JsonObject ChunkOf(string id, ProviderRequest request, JsonObject? delta, string? finish) =>
        new()
        {
            ["id"] = id,
            ["object"] = "chat.completion.chunk",
            ["created"] = JsonNode.Parse(Created),
            ["model"] = request.Model,
            ["choices"] = delta is null
                ? []
                : new JsonArray(
                    new JsonObject
                    {
                        ["index"] = 0,
                        ["delta"] = delta,
                        ["finish_reason"] = finish,
                    }
                ),
        };

    private static JsonObject EmbeddingOf(ProviderRequest request) =>
        new()
        {
            ["object"] = "list",
            ["model"] = request.Model,
            ["data"] = new JsonArray(
                new JsonObject
                {
                    ["object"] = "embedding",
                    ["index"] = 0,
                    ["embedding"] = new JsonArray(0.25, -0.5, 0.125),
                }
            ),
            ["usage"] = new JsonObject { ["prompt_tokens"] = request.PromptTokens, ["total_tokens"] = request.PromptTokens },
        };
}
