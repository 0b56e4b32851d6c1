using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Upstreams;

namespace Gateway.Realtime;

/// <summary>
/// An event of the client's that changes the session. The models in it get their names at the upstream: that of the session, which stays,
/// and that which writes down what is said, which the caller has to be allowed to use like any other.
/// </summary>
internal static class SessionUpdate
{
    private const string Model = "model";

    // Where each form of events has the transcription.
    private static readonly string[][] Transcriptions =
    [
        ["audio", "input", "transcription"],
        ["input_audio_transcription"],
    ];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 128 };

    /// <summary>Reads one, and writes it anew where names are others upstream.</summary>
    /// <param name="message">The event.</param>
    /// <param name="call">The session.</param>
    /// <param name="caller">Who speaks in it now.</param>
    /// <param name="policy">What is in force.</param>
    /// <param name="transcriber">The model that writes down what is said, when it names one.</param>
    /// <param name="refusal">Why it is not sent on.</param>
    /// <returns>What is sent on.</returns>
    public static ReadOnlyMemory<byte> Read(
        ReadOnlyMemory<byte> message,
        Call call,
        Caller caller,
        PolicySnapshot policy,
        out PolicyModel? transcriber,
        out Refusal? refusal
    )
    {
        (transcriber, refusal) = (null, null);
        JsonObject? session;
        JsonNode? whole;
        try
        {
            whole = JsonNode.Parse(message.Span, documentOptions: Strict);
            session = whole?["session"] as JsonObject;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            refusal = Refusals.InvalidEvent("a member is given twice, or it is no JSON");
            return default;
        }
        if (session is null)
        {
            return message;
        }
        var isChanged = false;
        if (session[Model] is { } named)
        {
            if (!IsSessions(TextOf(named), call, policy))
            {
                refusal = Refusals.OtherRealtimeModel(call.Body.Members.Model);
                return default;
            }
            isChanged |= Put(session, PlaceOf(call.Model, call.Upstream!)!.Name);
        }
        foreach (var path in Transcriptions)
        {
            if (Find(session, path) is not { } transcription || transcription[Model] is not { } writes)
            {
                continue;
            }
            var name = TextOf(writes) ?? "";
            var model = policy.FindModel(name);
            refusal = ModelResolution.Refuse(policy, caller, name, model);
            var place = refusal is null ? PlaceOf(model!, call.Upstream!) : null;
            refusal ??= place is null ? Refusals.NoUpstream(name) : null;
            if (refusal is not null)
            {
                return default;
            }
            transcriber = model;
            isChanged |= Put(transcription, place!.Name);
        }
        return isChanged ? JsonSerializer.SerializeToUtf8Bytes(whole, JsonSerializerOptions.Default) : message;
    }

    /// <summary>The name of the model that writes down what is said, as the upstream shows the session.</summary>
    public static string? TranscriberOf(ReadOnlySpan<byte> session)
    {
        try
        {
            var shown = JsonNode.Parse(session) as JsonObject;
            return Transcriptions
                .Select(path => shown is null ? null : TextOf(Find(shown, path)?[Model]))
                .FirstOrDefault(name => name is not null);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Where a model stands at an upstream; null: nowhere.</summary>
    public static ModelPlace? PlaceOf(PolicyModel model, PolicyUpstream upstream) =>
        model.Places.FirstOrDefault(place => place.Upstream.Name == upstream.Name);

    private static bool IsSessions(string? name, Call call, PolicySnapshot policy) =>
        name is not null && (policy.FindModel(name)?.Id == call.Model.Id || name == PlaceOf(call.Model, call.Upstream!)?.Name);

    private static bool Put(JsonObject into, string name)
    {
        if (TextOf(into[Model]) == name)
        {
            return false;
        }
        into[Model] = name;
        return true;
    }

    private static JsonObject? Find(JsonObject within, string[] path)
    {
        var found = within;
        foreach (var name in path)
        {
            found = found?[name] as JsonObject;
        }
        return found;
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
