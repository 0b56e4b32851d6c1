using System.Text.Json;

namespace Gateway.Tests.Replay;

/// <summary>
/// The calls with which the recordings are asked for again: the recorded ones, except where the gateway would not forward them.
/// </summary>
internal static class RecordedRequests
{
    private const string NoModel = "no model is named: the gateway refuses it itself";
    private const string BadBody = "no JSON object: the gateway refuses it itself";
    private const string Steers = "a member that steers LiteLLM: the gateway refuses it itself";
    private const string NotKept = "the recording does not keep the body";
    private const string WrongType = "a value of the wrong type: the gateway refuses it itself";

    /// <summary>
    /// Recordings whose request does not pass the gateway, and why; their answers are replayed to a plain call to the model <c>chat</c>.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Replaced { get; } =
        new Dictionary<string, string>
        {
            ["1.81.13/error-array-body"] = BadBody,
            ["1.81.13/error-empty-body"] = BadBody,
            ["1.81.13/error-model-not-string"] = WrongType,
            ["chat-body-api-base"] = Steers,
            ["chat-large-prompt"] = NotKept,
            ["chat-mock-testing-rate-limit"] = Steers,
            ["chat-path-azure-no-model"] = NoModel,
            ["chat-static-by-body"] = Steers,
            ["chat-static-by-body-ratelimit"] = Steers,
            ["error-array-body"] = BadBody,
            ["error-empty-body"] = BadBody,
            ["error-invalid-json"] = BadBody,
            ["error-max-tokens-string"] = WrongType,
            ["error-missing-model"] = NoModel,
            ["error-model-not-string"] = WrongType,
            ["error-null-model"] = NoModel,
            ["id-metadata"] = Steers,
            ["id-tags-body-and-header"] = Steers,
            ["limits-too-large"] = NotKept,
            ["opt-cache-1"] = Steers,
            ["opt-cache-2"] = Steers,
            ["opt-cache-stream-1"] = Steers,
            ["opt-cache-stream-2"] = Steers,
            ["routing-fallback-disabled"] = Steers,
            ["upstream-429-no-retries"] = Steers,
        };

    /// <summary>The body to send.</summary>
    public static string BodyOf(RecordedExchange recorded) =>
        !Replaced.ContainsKey(recorded.Name) ? recorded.RequestBody
        : recorded.IsStream
            ? """{"model":"chat","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}"""
        : """{"model":"chat","messages":[{"role":"user","content":"hi"}]}""";

    /// <summary>The path to call: Azure's and the engines' paths are none of the gateway's, their answers are the same.</summary>
    public static string PathOf(RecordedExchange recorded) =>
        recorded.CalledPath.EndsWith("/embeddings", StringComparison.Ordinal) ? "/v1/embeddings"
        : recorded.CalledPath.EndsWith("/chat/completions", StringComparison.Ordinal)
            ? (recorded.CalledPath == "/chat/completions" ? recorded.CalledPath : "/v1/chat/completions")
        : "/v1/completions";

    public static string ModelOf(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("model").GetString()!;
    }

    /// <summary>The model that a body names; null when it names none, or is no body.</summary>
    public static string? FindModel(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("model", out var model) ? model.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the client asked for the usage chunk.</summary>
    public static bool AsksForUsage(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("stream_options", out var options)
            && options.ValueKind == JsonValueKind.Object
            && options.TryGetProperty("include_usage", out var asked)
            && asked.ValueKind == JsonValueKind.True;
    }
}
