using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// OpenAI's answers that are no text: verdicts, pictures, sound and what was heard. Usage stands where each model tells it: newer models of
/// pictures and sound tell tokens, <c>whisper-1</c> seconds, <c>dall-e</c>, <c>tts-1</c> and moderations nothing.
/// </summary>
internal static class OpenAiThings
{
    public const string Speech = "/audio/speech";

    private const string Moderations = "/moderations";
    private const string Generations = "/images/generations";
    private const string Edits = "/images/edits";
    private const string Variations = "/images/variations";
    private const string Transcriptions = "/audio/transcriptions";
    private const string Translations = "/audio/translations";

    private const string ImageModel = "gpt-image-1";
    private const string SoundModel = "whisper-1";
    private const int PictureTokens = 1_056; // a square one of medium quality
    private const int BytesOfSecond = 8_000; // of sound, in the wave files of tests
    private const int TokensOfSecond = 10;

    // A frame of silence, 26 ms, and how many are sent.
    private const int FrameBytes = 417;
    private const int Frames = 40;

    private static readonly string[] Categories = ["harassment", "hate", "illicit", "self-harm", "sexual", "violence"];

    // What each API takes, what it must have first.
    private static readonly Dictionary<string, (string[] Required, string[] Others)> Members = new()
    {
        [Moderations] = (["input"], ["model"]),
        [Generations] = (
            ["prompt"],
            [
                "model",
                "n",
                "size",
                "quality",
                "background",
                "moderation",
                "output_format",
                "output_compression",
                "response_format",
                "style",
                "user",
            ]
        ),
        [Edits] = (
            ["image", "prompt"],
            ["model", "mask", "n", "size", "quality", "background", "input_fidelity", "output_format", "response_format", "user"]
        ),
        [Variations] = (["image"], ["model", "n", "size", "response_format", "user"]),
        [Speech] = (["input", "voice"], ["model", "instructions", "response_format", "speed", "stream_format"]),
        [Transcriptions] = (["file", "model"], ["language", "prompt", "response_format", "temperature", "timestamp_granularities[]"]),
        [Translations] = (["file", "model"], ["prompt", "response_format", "temperature"]),
    };

    /// <summary>The models that make and read such things.</summary>
    public static IReadOnlyList<string> Models { get; } =
    ["omni-moderation-latest", ImageModel, "dall-e-2", "dall-e-3", SoundModel, "gpt-4o-transcribe", "tts-1"];

    /// <summary>The members that a call may have; null: it is a call for text.</summary>
    public static IEnumerable<string>? KnownOf(ProviderRequest request) =>
        Members.TryGetValue(request.Path, out var members)
            ? members.Required.Concat(members.Others.Where(m => request.Model != ImageModel || m is not ("response_format" or "style")))
            : null;

    /// <summary>The first member that is lacking; null: none.</summary>
    public static string? Missing(ProviderRequest request) =>
        Members.TryGetValue(request.Path, out var members) ? members.Required.FirstOrDefault(m => !request.Body.ContainsKey(m)) : null;

    /// <summary>The answer; null: the call asks for something else.</summary>
    public static JsonObject? JsonOf(ProviderRequest request) =>
        request.Path switch
        {
            Moderations => VerdictsOf(request),
            Generations or Edits or Variations => PicturesOf(request),
            Transcriptions => TranscriptOf(request),
            Translations => new JsonObject { ["text"] = string.Concat(request.Answer) },
            _ => null,
        };

    /// <summary>Sends sound, as it is made: no length, no usage.</summary>
    public static async Task SpeakAsync(HttpContext http)
    {
        http.Response.ContentType = "audio/mpeg";
        var frame = new byte[FrameBytes];
        (frame[0], frame[1], frame[2]) = (0xFF, 0xFB, 0x90);
        for (var i = 0; i < Frames; i++)
        {
            await http.Response.Body.WriteAsync(frame, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private static JsonObject VerdictsOf(ProviderRequest request)
    {
        var results = new JsonArray();
        for (var i = 0; i < (request.Body["input"] is JsonArray { Count: > 0 } inputs ? inputs.Count : 1); i++)
        {
            results.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["flagged"] = false,
                        ["categories"] = OfCategories(() => false),
                        ["category_scores"] = OfCategories(() => 0.001),
                        ["category_applied_input_types"] = OfCategories(() => new JsonArray("text")),
                    }
            );
        }
        return new JsonObject
        {
            ["id"] = "modr-" + Guid.CreateVersion7().ToString("N"),
            ["model"] = request.Model,
            ["results"] = results,
        };
    }

    private static JsonObject OfCategories(Func<JsonNode> value) =>
        new(Categories.Select(category => KeyValuePair.Create(category, (JsonNode?)value())));

    private static JsonObject PicturesOf(ProviderRequest request)
    {
        var count = request.Body["n"]?.GetValue<int>() ?? 1;
        var pictures = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            pictures.Add((JsonNode)new JsonObject { ["b64_json"] = "iVBORw0KGgo=" });
        }
        var answer = new JsonObject { ["created"] = 1_764_504_000, ["data"] = pictures };
        if (request.Model == ImageModel)
        {
            var (seen, made) = (request.Path == Generations ? 0 : PictureTokens, count * PictureTokens);
            answer["usage"] = UsageOf(request.PromptTokens, seen, made, "image_tokens");
        }
        return answer;
    }

    private static JsonObject TranscriptOf(ProviderRequest request)
    {
        var seconds = Math.Max(1, (request.FileBytes + BytesOfSecond - 1) / BytesOfSecond);
        return new JsonObject
        {
            ["text"] = string.Concat(request.Answer),
            ["usage"] =
                request.Model == SoundModel
                    ? new JsonObject { ["type"] = "duration", ["seconds"] = seconds }
                    : UsageOf(0, (int)seconds * TokensOfSecond, request.CompletionTokens, "audio_tokens"),
        };
    }

    private static JsonObject UsageOf(int text, int other, int output, string otherName) =>
        new()
        {
            ["type"] = "tokens",
            ["input_tokens"] = text + other,
            [otherName == "image_tokens" ? "input_tokens_details" : "input_token_details"] = new JsonObject
            {
                ["text_tokens"] = text,
                [otherName] = other,
            },
            ["output_tokens"] = output,
            ["total_tokens"] = text + other + output,
        };
}
