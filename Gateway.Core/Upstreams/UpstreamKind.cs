using System.Text.RegularExpressions;

namespace Gateway.Core.Upstreams;

/// <summary>
/// What an upstream is, and how it wants to be spoken to: where its OpenAI-shaped API stands, which APIs it has, how it is shown the key.
/// A provider that differs in nothing but its address is <see cref="Compatible"/>.
/// </summary>
public sealed partial class UpstreamKind
{
    private const string Chat = "/chat/completions";
    private const string Completions = "/completions";
    private const string Embeddings = "/embeddings";
    private const string Messages = "/messages";
    private const string CountTokens = "/messages/count_tokens";
    private const string Responses = "/responses";
    private const string Realtime = "/realtime";

    /// <summary>What only OpenAI's own API and those that copy it keep: conversations, files, batches.</summary>
    private static readonly string[] Kept = ["/conversations", "/files", "/batches"];

    private UpstreamKind(string name) => Name = name;

    /// <summary>
    /// LiteLLM: serves every API of calls, and models that stand at no other upstream. It has no conversations, and spreads files and
    /// batches over the accounts of its deployments by rules of its own. Its realtime sessions were not measured, and are left aside.
    /// </summary>
    public static UpstreamKind LiteLlm { get; } =
        new("litellm")
        {
            ServesUnlistedModels = true,
            ProbePath = "../health/liveliness",
            Lacks = [.. Kept, Realtime],
        };

    /// <summary>OpenAI.</summary>
    public static UpstreamKind OpenAi { get; } =
        new("openai")
        {
            DefaultAddress = new Uri("https://api.openai.com/v1"),
            Provider = "openai",
            NeedsKey = true,
            WantsNewerMaximum = true, // its reasoning models refuse max_tokens
            Apis =
            [
                Chat,
                Completions,
                Embeddings,
                Responses,
                "/responses/input_tokens",
                Realtime,
                "/moderations",
                "/images/generations",
                "/images/edits",
                "/images/variations",
                "/audio/transcriptions",
                "/audio/translations",
                "/audio/speech",
                .. Kept,
            ],
        };

    /// <summary>Anthropic: its own Messages API, and its endpoint that is compatible with OpenAI's chat.</summary>
    public static UpstreamKind Anthropic { get; } =
        new("anthropic")
        {
            DefaultAddress = new Uri("https://api.anthropic.com/v1"),
            Provider = "anthropic",
            NeedsKey = true,
            Apis = [Chat, Messages, CountTokens],
        };

    /// <summary>Google's Gemini, by its endpoint that is compatible with OpenAI's API.</summary>
    public static UpstreamKind Google { get; } =
        new("google")
        {
            DefaultAddress = new Uri("https://generativelanguage.googleapis.com"),
            Provider = "gemini",
            NeedsKey = true,
            Apis = [Chat, Embeddings],
        };

    /// <summary>Yandex AI Studio, by its endpoint that is compatible with OpenAI's API. Models belong to a folder.</summary>
    public static UpstreamKind Yandex { get; } =
        new("yandex")
        {
            DefaultAddress = new Uri("https://llm.api.cloud.yandex.net/v1"),
            Provider = "yandex",
            NeedsKey = true,
            NeedsFolder = true,
            Apis = [Chat, Embeddings],
        };

    /// <summary>vLLM, Ollama, and whatever else speaks as OpenAI does.</summary>
    public static UpstreamKind Compatible { get; } = new("openai_compatible");

    /// <summary>
    /// A service that takes messages at <c>/api/v1/generate/stream</c> and answers lines of JSON, a piece of text in each. It has one model
    /// and tells no usage.
    /// </summary>
    public static UpstreamKind Generate { get; } =
        new("generate_ndjson")
        {
            Apis = [Chat],
            HasOneModel = true,
            ChatPath = "/generate/stream",
        };

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<UpstreamKind> All { get; } = [LiteLlm, OpenAi, Anthropic, Google, Yandex, Compatible, Generate];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(k => k.Name)];

    /// <summary>As it is stored and shown.</summary>
    public string Name { get; }

    /// <summary>Where it stands when nobody says; null: somebody has to.</summary>
    public Uri? DefaultAddress { get; private init; }

    /// <summary>LiteLLM's name of the provider, by which prices and bounds are found; null: not known.</summary>
    public string? Provider { get; private init; }

    /// <summary>Whether it answers nobody without a key.</summary>
    public bool NeedsKey { get; private init; }

    /// <summary>Whether its models belong to a folder that has to be named.</summary>
    public bool NeedsFolder { get; private init; }

    /// <summary>Whether models that stand at no upstream are expected here.</summary>
    public bool ServesUnlistedModels { get; private init; }

    /// <summary>Whether a maximum that the gateway puts in goes by the name <c>max_completion_tokens</c>.</summary>
    public bool WantsNewerMaximum { get; private init; }

    /// <summary>What is asked to see whether it lives, from its root.</summary>
    public string ProbePath { get; private init; } = "models";

    /// <summary>Whether it lists no models: it has one, which is called as the upstream is.</summary>
    public bool HasOneModel { get; private init; }

    // Where chat stands when it is not where OpenAI has it.
    private string? ChatPath { get; init; }

    // By their paths; empty: all.
    private string[] Apis { get; init; } = [];

    private string[] Lacks { get; init; } = [];

    /// <summary>The kind with that name, or null.</summary>
    public static UpstreamKind? Find(string name) => All.FirstOrDefault(k => k.Name == name);

    /// <summary>Whether it has an API, by the API's path below <c>/v1</c>.</summary>
    public bool Serves(string apiPath) => (Apis.Length == 0 || Array.IndexOf(Apis, apiPath) >= 0) && Array.IndexOf(Lacks, apiPath) < 0;

    /// <summary>The path of an API there, from the root.</summary>
    public string PathOf(string apiPath) => ChatPath is not null && apiPath == Chat ? ChatPath : apiPath;

    /// <summary>
    /// What the paths of APIs are put after, with a slash at its end. Takes an address as SDKs do: with or without its version.
    /// </summary>
    public Uri RootOf(Uri address)
    {
        var text = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (this == Google)
        {
            text = Without(Without(Without(text, "/openai"), "/v1beta"), "/v1");
            return new Uri(text + "/v1beta/openai/");
        }
        if (this == LiteLlm)
        {
            return new Uri(Without(text, "/v1") + "/v1/");
        }
        if (this == Generate)
        {
            return new Uri(Without(Without(text, Generate.ChatPath!), "/api/v1") + "/api/v1/");
        }
        return new Uri(Version().IsMatch(text) ? text + "/" : text + "/v1/");
    }

    /// <summary>The name by which a model is listed here, of the name that the upstream lists.</summary>
    public string ListedNameOf(string upstreamName)
    {
        if (this == Google)
        {
            return upstreamName.StartsWith("models/", StringComparison.Ordinal) ? upstreamName["models/".Length..] : upstreamName;
        }
        // gpt://<folder>/<model>/<version>
        var scheme = this == Yandex ? upstreamName.IndexOf("://", StringComparison.Ordinal) : -1;
        var folder = scheme < 0 ? -1 : upstreamName.IndexOf('/', scheme + 3);
        return folder < 0 ? upstreamName : upstreamName[(folder + 1)..];
    }

    /// <summary>The name that a call carries, of the name that was stored.</summary>
    /// <param name="storedName">The stored one.</param>
    /// <param name="folder">The folder of <see cref="Yandex"/>.</param>
    /// <param name="isEmbedding">Whether the model makes vectors.</param>
    public string SentNameOf(string storedName, string? folder, bool isEmbedding) =>
        this == Yandex && folder is not null && !storedName.Contains("://", StringComparison.Ordinal)
            ? $"{(isEmbedding ? "emb" : "gpt")}://{folder}/{storedName}"
            : storedName;

    /// <inheritdoc />
    public override string ToString() => Name;

    private static string Without(string text, string end) =>
        text.EndsWith(end, StringComparison.OrdinalIgnoreCase) ? text[..^end.Length] : text;

    // Some compatible servers count otherwise: /api/paas/v4, /api/v3.
    [GeneratedRegex("/v[0-9]{1,2}[a-z0-9]{0,8}$", RegexOptions.IgnoreCase)]
    private static partial Regex Version();
}
