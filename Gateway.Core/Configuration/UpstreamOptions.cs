using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Configuration;

/// <summary>Where calls go, and how long they may take there.</summary>
public sealed class UpstreamOptions
{
    /// <summary>
    /// The upstreams, destinations of one cluster. Empty: the sandbox (see <see cref="Sandbox"/>), or no upstream at all.
    /// </summary>
    [FormOption("LITELLM_BASE_URL", "one or more http or https addresses without query, separated by commas", nameof(TryReadAddresses))]
    public IReadOnlyList<Uri> LiteLlmBaseUrls { get; internal set; } = [];

    /// <summary>The gateway's own credential at the upstream. It replaces the client's, which never leaves the gateway.</summary>
    [FormOption("LITELLM_API_KEY", "the upstream's key without white space", nameof(IsWithoutSpace), IsSecret = true)]
    public string? LiteLlmApiKey { get; internal set; }

    /// <summary>The gateway's key at OpenAI; set, it makes an upstream.</summary>
    [FormOption("OPENAI_API_KEY", "OpenAI's key without white space", nameof(IsWithoutSpace), IsSecret = true)]
    public string? OpenAiApiKey { get; internal set; }

    /// <summary>Where OpenAI stands; null: at its own address.</summary>
    [FormOption("OPENAI_BASE_URL", "an http or https address without query", nameof(TryReadAddress))]
    public Uri? OpenAiBaseUrl { get; internal set; }

    /// <summary>The gateway's key at Anthropic; set, it makes an upstream.</summary>
    [FormOption("ANTHROPIC_API_KEY", "Anthropic's key without white space", nameof(IsWithoutSpace), IsSecret = true)]
    public string? AnthropicApiKey { get; internal set; }

    /// <summary>Where Anthropic stands; null: at its own address.</summary>
    [FormOption("ANTHROPIC_BASE_URL", "an http or https address without query", nameof(TryReadAddress))]
    public Uri? AnthropicBaseUrl { get; internal set; }

    /// <summary>The gateway's key of Google's Gemini API; set, it makes an upstream.</summary>
    [FormOption("GOOGLE_API_KEY", "Google's key without white space", nameof(IsWithoutSpace), IsSecret = true)]
    public string? GoogleApiKey { get; internal set; }

    /// <summary>Where Google's Gemini API stands; null: at its own address.</summary>
    [FormOption("GOOGLE_BASE_URL", "an http or https address without query", nameof(TryReadAddress))]
    public Uri? GoogleBaseUrl { get; internal set; }

    /// <summary>The gateway's key at Yandex AI Studio; with <see cref="YandexFolderId"/> it makes an upstream.</summary>
    [FormOption("YANDEX_API_KEY", "Yandex's key without white space", nameof(IsWithoutSpace), IsSecret = true)]
    public string? YandexApiKey { get; internal set; }

    /// <summary>The folder at Yandex that models belong to.</summary>
    [FormOption("YANDEX_FOLDER_ID", "a folder's id: letters, digits and hyphens", nameof(IsFolder))]
    public string? YandexFolderId { get; internal set; }

    /// <summary>Where Yandex AI Studio stands; null: at its own address.</summary>
    [FormOption("YANDEX_BASE_URL", "an http or https address without query", nameof(TryReadAddress))]
    public Uri? YandexBaseUrl { get; internal set; }

    /// <summary>
    /// A service that answers <c>POST /api/v1/generate/stream</c> with lines of JSON, or as OpenAI does when it lists models so; it makes
    /// an upstream.
    /// </summary>
    [FormOption("LLM_SERVICE_URL", "an http or https address without query", nameof(TryReadAddress))]
    public Uri? LlmServiceUrl { get; internal set; }

    /// <summary>Retries that LiteLLM is told to make (<c>x-litellm-num-retries</c>); null leaves it to LiteLLM.</summary>
    [NumberOption("LITELLM_NUM_RETRIES", 0, 10, "retries")]
    public int? LiteLlmNumRetries { get; internal set; }

    /// <summary>
    /// Whether the in-process upstream runs when no <see cref="LiteLlmBaseUrls"/> are set; null: in Development, without a provider's key.
    /// </summary>
    [SwitchOption("SANDBOX")]
    public bool? Sandbox { get; internal set; }

    /// <summary>The most upstreams that admins may make; each is probed, and has gauges of its own.</summary>
    [NumberOption("MAX_UPSTREAMS", 1, 1_000, "upstreams")]
    public int MaxUpstreams { get; internal set; } = 100;

    /// <summary>Values of <c>anthropic-beta</c> and <c>openai-beta</c> that go upstream; others are taken out.</summary>
    [ListOption("ALLOWED_BETA_HEADERS", "values, separated by commas")]
    public IReadOnlyList<string> AllowedBetaHeaders { get; internal set; } =
    [
        "claude-code-20250219",
        "interleaved-thinking-2025-05-14",
        "thinking-token-count-2026-05-13",
        "fine-grained-tool-streaming-2025-05-14",
        "context-management-2025-06-27",
        "prompt-caching-scope-2026-01-05",
        "extended-cache-ttl-2025-04-11",
        "structured-outputs-2025-11-13",
        "effort-2025-11-24",
        "token-efficient-tools-2025-02-19",
        "output-128k-2025-02-19",
    ];

    /// <summary>How long the upstream may take to the first byte of its answer; then 504.</summary>
    [SecondsOption("UPSTREAM_FIRST_BYTE_SECONDS", 1, 86_400)]
    public TimeSpan UpstreamFirstByteTimeout { get; internal set; } = TimeSpan.FromSeconds(600);

    /// <summary>A PEM file of authorities whose certificates upstreams may have, beside those that the system trusts; null: none.</summary>
    [FormOption("UPSTREAM_CA_FILE", "a file of certificates in PEM", nameof(HoldsCertificates))]
    public string? UpstreamCaFile { get; internal set; }

    /// <summary>How long a TCP connection to the upstream may take.</summary>
    [SecondsOption("UPSTREAM_CONNECT_SECONDS", 1, 300)]
    public TimeSpan UpstreamConnectTimeout { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an idle upstream connection is kept. LiteLLM closes after 5 s: stay below.</summary>
    [SecondsOption("UPSTREAM_KEEPALIVE_SECONDS", 0, 3_600)]
    public TimeSpan UpstreamKeepAlive { get; internal set; } = TimeSpan.FromSeconds(4);

    /// <summary>Between two active health probes of a destination (only with several destinations).</summary>
    [SecondsOption("UPSTREAM_PROBE_SECONDS", 1, 3_600)]
    public TimeSpan UpstreamProbeInterval { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the environment names an upstream.</summary>
    public bool NamesUpstream() =>
        LiteLlmBaseUrls.Count > 0
        || LlmServiceUrl is not null
        || (OpenAiApiKey ?? AnthropicApiKey ?? GoogleApiKey ?? YandexApiKey) is not null;

    private static bool IsWithoutSpace(string text) => !text.Any(char.IsWhiteSpace);

    private static bool IsFolder(string text) => text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool TryReadAddress(string text, out Uri? address) =>
        (address = TryReadAddresses(text, out var addresses) && addresses.Count == 1 ? addresses[0] : null) is not null;

    private static bool TryReadAddresses(string text, out IReadOnlyList<Uri> addresses)
    {
        List<Uri> urls = [];
        addresses = urls;
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (
                !Uri.TryCreate(part, UriKind.Absolute, out var url)
                || url.Scheme is not ("http" or "https")
                || url.Query.Length > 0
                || url.UserInfo.Length > 0
            )
            {
                return false;
            }
            urls.Add(url);
        }
        return urls.Count > 0;
    }

    private static bool HoldsCertificates(string file)
    {
        try
        {
            X509Certificate2Collection certificates = [];
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }
}
