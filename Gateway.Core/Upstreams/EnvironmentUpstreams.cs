using Gateway.Core.Configuration;

namespace Gateway.Core.Upstreams;

/// <summary>The upstreams that this process's environment makes.</summary>
/// <param name="All">In the order of their kinds.</param>
public sealed record EnvironmentUpstreams(IReadOnlyList<EnvironmentUpstream> All)
{
    /// <summary>After all others: what is stored wins over the sandbox.</summary>
    private const int SandboxPriority = 1_000;

    /// <summary>The name of the in-process upstream.</summary>
    public const string SandboxName = "sandbox";

    /// <summary>The name of the service at <c>LLM_SERVICE_URL</c>.</summary>
    public const string ServiceName = "llm_service";

    // The variable that makes an upstream of each name.
    private static readonly Dictionary<string, string> Variables = new()
    {
        [UpstreamKind.LiteLlm.Name] = "LITELLM_BASE_URL",
        [UpstreamKind.OpenAi.Name] = "OPENAI_API_KEY",
        [UpstreamKind.Anthropic.Name] = "ANTHROPIC_API_KEY",
        [UpstreamKind.Google.Name] = "GOOGLE_API_KEY",
        [UpstreamKind.Yandex.Name] = "YANDEX_API_KEY",
        [ServiceName] = "LLM_SERVICE_URL",
    };

    /// <summary>None.</summary>
    public static EnvironmentUpstreams None { get; } = new([]);

    /// <summary>Those of the options.</summary>
    public static EnvironmentUpstreams Of(UpstreamOptions options) => new([.. From(options)]);

    /// <summary>The same and the sandbox.</summary>
    public EnvironmentUpstreams WithSandbox(Uri address, string apiKey) =>
        new([
            .. All,
            new EnvironmentUpstream(SandboxName, UpstreamKind.LiteLlm, [address], apiKey) { Priority = SandboxPriority, IsStored = false },
        ]);

    /// <summary>The one with that name, or null.</summary>
    public EnvironmentUpstream? Find(string name) => All.FirstOrDefault(u => u.Name == name);

    /// <summary>The variable that makes an upstream of that name, or null.</summary>
    public static string? VariableOf(string name) => Variables.GetValueOrDefault(name);

    private static IEnumerable<EnvironmentUpstream> From(UpstreamOptions options)
    {
        if (options.LiteLlmBaseUrls.Count > 0)
        {
            yield return new(UpstreamKind.LiteLlm.Name, UpstreamKind.LiteLlm, options.LiteLlmBaseUrls, options.LiteLlmApiKey);
        }
        foreach (
            var (kind, key, address) in new[]
            {
                (UpstreamKind.OpenAi, options.OpenAiApiKey, options.OpenAiBaseUrl),
                (UpstreamKind.Anthropic, options.AnthropicApiKey, options.AnthropicBaseUrl),
                (UpstreamKind.Google, options.GoogleApiKey, options.GoogleBaseUrl),
                (UpstreamKind.Yandex, options.YandexApiKey, options.YandexBaseUrl),
            }
        )
        {
            if (key is not null)
            {
                yield return new(kind.Name, kind, [address ?? kind.DefaultAddress!], key)
                {
                    Folder = kind.NeedsFolder ? options.YandexFolderId : null,
                };
            }
        }
        if (options.LlmServiceUrl is { } service)
        {
            yield return new(ServiceName, UpstreamKind.Generate, [service], null) { FindsKind = true };
        }
    }
}
