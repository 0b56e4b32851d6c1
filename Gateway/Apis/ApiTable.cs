using System.Collections.Frozen;
using Gateway.Apis.Audio;
using Gateway.Apis.Batches;
using Gateway.Apis.Chat;
using Gateway.Apis.Completions;
using Gateway.Apis.Embeddings;
using Gateway.Apis.Images;
using Gateway.Apis.Messages;
using Gateway.Apis.Moderations;
using Gateway.Apis.Realtime;
using Gateway.Apis.Rerank;
using Gateway.Apis.Responses;
using Gateway.Calls;

namespace Gateway.Apis;

/// <summary>
/// The table of APIs: a line for each that is forwarded. A path that belongs to none is refused, never passed on unmetered.
/// </summary>
internal static class ApiTable
{
    public static readonly CallApi Chat = new ChatApi("chat_completions", "acompletion");
    public static readonly CallApi Completions = new CompletionsApi();
    public static readonly CallApi Embeddings = new EmbeddingsApi();
    public static readonly CallApi Messages = new MessagesApi();
    public static readonly CallApi CountTokens = new CountTokensApi();
    public static readonly CallApi Responses = new ResponsesApi();
    public static readonly CallApi InputTokens = new InputTokensApi();
    public static readonly CallApi Moderations = new ModerationsApi();
    public static readonly CallApi Rerank = new RerankApi();
    public static readonly CallApi Images = new ImagesApi(
        "images_generations",
        "/images/generations",
        "aimage_generation",
        "Make pictures from a text"
    );
    public static readonly CallApi ImageEdits = new ImagesApi("images_edits", "/images/edits", "aimage_edit", "Change pictures", true);
    public static readonly CallApi ImageVariations = new ImagesApi(
        "images_variations",
        "/images/variations",
        "aimage_variation",
        "Make variations of a picture",
        true
    );
    public static readonly CallApi Speech = new SpeechApi();
    public static readonly CallApi Transcriptions = new TranscriptionsApi(
        "audio_transcriptions",
        "/audio/transcriptions",
        "atranscription",
        "Write down what is said"
    );
    public static readonly CallApi Translations = new TranscriptionsApi(
        "audio_translations",
        "/audio/translations",
        "atranslation",
        "Write down in English what is said"
    );

    /// <summary>Batches: calls that the gateway sends by itself, with no route of their own here.</summary>
    public static readonly CallApi Batches = new BatchesApi();

    /// <summary>Realtime sessions: WebSockets, which YARP would pass on unread.</summary>
    public static readonly CallApi Realtime = new RealtimeApi();

    /// <summary>Messages of chats: calls of the same API that come by another door, with no route of their own here.</summary>
    public static readonly CallApi ChatMessages = new ChatApi("chat_messages", "chat");

    /// <summary>What is read out of chats for the profiles of their users; paid by the platform.</summary>
    public static readonly CallApi ProfileExtraction = new ChatApi("profile_extraction", "profile_extraction");

    /// <summary>All that are forwarded from routes of their own.</summary>
    public static IReadOnlyList<CallApi> All { get; } =
    [
        Chat,
        Completions,
        Embeddings,
        Messages,
        CountTokens,
        Responses,
        InputTokens,
        Moderations,
        Rerank,
        Images,
        ImageEdits,
        ImageVariations,
        Speech,
        Transcriptions,
        Translations,
    ];

    private static readonly FrozenDictionary<string, CallApi> ByRoute = All.SelectMany(api =>
            api.Routes.Select(route => KeyValuePair.Create(route.Name, api))
        )
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The API that a YARP route serves.</summary>
    public static CallApi OfRoute(string routeId) => ByRoute[routeId];
}
