using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Calls;

namespace Gateway.Realtime;

/// <summary>
/// What a client may say in a session whose responses are held: nothing by which the provider would begin one by itself, run tools, or call
/// another model. An allow-list: what has no rule is refused.
/// </summary>
internal static class HeldRules
{
    private const string Turns = "turn_detection";
    private const string Creates = "create_response";

    /// <summary>The id of the gateway's own event that keeps the provider from beginning responses.</summary>
    public const string QuietId = "event_hub_quiet";

    private static readonly FrozenSet<string> Events = FrozenSet.Create(
        StringComparer.Ordinal,
        "session.update",
        "input_audio_buffer.append",
        "input_audio_buffer.commit",
        "input_audio_buffer.clear",
        "conversation.item.create",
        "conversation.item.retrieve",
        "conversation.item.truncate",
        "conversation.item.delete",
        "response.create",
        "response.cancel",
        "output_audio_buffer.clear"
    );

    // Of sessions and of responses alike; with their forms of both ages.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.Ordinal,
        "type",
        "object",
        "id",
        "model",
        "instructions",
        "modalities",
        "output_modalities",
        "voice",
        "speed",
        "temperature",
        "tool_choice",
        "max_output_tokens",
        "max_response_output_tokens",
        "truncation",
        "include",
        "tracing",
        "input_audio_format",
        "output_audio_format",
        "input_audio_noise_reduction",
        "format",
        "noise_reduction",
        "output",
        "conversation",
        "input",
        "metadata"
    );

    private static readonly FrozenSet<string> OfTurns = FrozenSet.Create(
        StringComparer.Ordinal,
        "type",
        "threshold",
        "prefix_padding_ms",
        "silence_duration_ms",
        "eagerness",
        "interrupt_response"
    );

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 128 };

    /// <summary>The event that keeps the provider from beginning responses by itself.</summary>
    /// <param name="isBeta">In OpenAI's older form.</param>
    public static ReadOnlyMemory<byte> Quiet(bool isBeta) =>
        isBeta
            ? """{"event_id":"event_hub_quiet","type":"session.update","session":{"turn_detection":null}}"""u8.ToArray()
            : """
            {"event_id":"event_hub_quiet","type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}
            """u8.ToArray();

    /// <summary>Whether a session, as its provider shows it, begins no response by itself.</summary>
    public static bool IsQuiet(ReadOnlySpan<byte> shown)
    {
        try
        {
            return JsonNode.Parse(shown) is JsonObject session
                && IsQuiet(session[Turns])
                && IsQuiet(((session["audio"] as JsonObject)?["input"] as JsonObject)?[Turns]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Why an event may not go on; null: it may.</summary>
    public static Refusal? Check(string type, ReadOnlyMemory<byte> message)
    {
        if (!Events.Contains(type))
        {
            return Refusals.NotInHeldSession(type);
        }
        if (type is not ("session.update" or "response.create"))
        {
            return null;
        }
        try
        {
            var whole = JsonNode.Parse(message.Span, documentOptions: Strict);
            return type == "response.create" ? CheckMembers(whole?["response"], isInput: false) : CheckMembers(whole?["session"], false);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return Refusals.InvalidEvent("a member is given twice, or it is no JSON");
        }
    }

    /// <summary>The event with an id of ours at its beginning.</summary>
    /// <param name="message">An object.</param>
    /// <param name="id">The id.</param>
    public static ReadOnlyMemory<byte> WithId(ReadOnlyMemory<byte> message, string id)
    {
        var start = message.Span.IndexOf((byte)'{') + 1;
        return (byte[])[.. "{\"event_id\":\""u8, .. System.Text.Encoding.ASCII.GetBytes(id), .. "\","u8, .. message.Span[start..]];
    }

    // An input's prompt is its own text; audio's parts have members of their own.
    private static Refusal? CheckMembers(JsonNode? node, bool isInput)
    {
        if (node is null)
        {
            return null;
        }
        if (node is not JsonObject members)
        {
            return Refusals.InvalidEvent("what it sets is no object");
        }
        foreach (var (name, value) in members)
        {
            var refusal =
                value is null || Harmless.Contains(name) && !(name == "input" && value is JsonObject) ? null
                : name is "audio" or "input" && !isInput ? CheckMembers(value, isInput: name == "input")
                : name == "tools" ? CheckTools(value)
                : name == Turns && IsQuiet(value) ? null
                : Refusals.NotInHeldSession(name == Turns ? Turns + "." + Creates : name);
            if (refusal is not null)
            {
                return refusal;
            }
        }
        return null;
    }

    private static Refusal? CheckTools(JsonNode tools) =>
        tools is JsonArray all && all.All(tool => TextOf(tool?["type"]) == "function") ? null : Refusals.HostedTool("mcp");

    // Where it is silent about that, the provider answers each pause.
    private static bool IsQuiet(JsonNode? turns) =>
        turns is null
        || (
            turns is JsonObject told
            && told[Creates] is JsonValue creates
            && creates.TryGetValue<bool>(out var isOn)
            && !isOn
            && told.All(m => m.Key == Creates || m.Value is null || OfTurns.Contains(m.Key))
        );

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
