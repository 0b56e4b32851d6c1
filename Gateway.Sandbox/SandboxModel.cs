namespace Gateway.Sandbox;

/// <summary>One deployment: a row of <c>/model/info</c>, and how calls to it are answered.</summary>
public sealed record SandboxModel
{
    /// <summary>The name that callers ask for (LiteLLM's model group).</summary>
    public required string Name { get; init; }

    /// <summary>The <c>model_info.id</c>, sent as <c>x-litellm-model-id</c>; the name when null.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>The <c>litellm_params.model</c>; <c>openai/</c> and the name when null.</summary>
    public string? Upstream { get; init; }

    /// <summary>The <c>litellm_provider</c>. <c>anthropic</c> also answers in the form LiteLLM gives Anthropic's models.</summary>
    public string Provider { get; init; } = "openai";

    /// <summary>The <c>mode</c>: chat, completion, embedding; null as for models outside LiteLLM's price map.</summary>
    public string? Mode { get; init; } = "chat";

    /// <summary>The scenario (a row of the table in README.md, parameters included) by which calls are answered.</summary>
    public string Scenario { get; init; } = "sandbox-chat";

    /// <summary>
    /// Tokens to report whatever the call says; null for the rule in README.md. May exceed any true bound, which is its use.
    /// </summary>
    public SandboxUsage? FixedUsage { get; init; }

    /// <summary>
    /// USD per unit by LiteLLM's names (<c>input_cost_per_token</c>, ...). A price that is not here is null in <c>/model/info</c>.
    /// </summary>
    public IReadOnlyDictionary<string, double> Prices { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// Whether an admin set the prices (they then stand in <c>litellm_params</c> and <c>pricing_overrides</c>) or LiteLLM's price map did.
    /// </summary>
    public bool PricesAreOverrides { get; init; } = true;

    /// <summary>The <c>max_tokens</c> and <c>max_output_tokens</c>.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The <c>max_input_tokens</c>.</summary>
    public int? MaxInputTokens { get; init; }

    /// <summary>Whether token limits are written as floats (<c>128000.0</c>), as some rows of the price map are.</summary>
    public bool LimitsAsFloats { get; init; }

    /// <summary>Whether unknown fields are left out of <c>model_info</c> rather than null, as 1.81.13 does.</summary>
    public bool OmitsNulls { get; init; }

    /// <summary>The <c>supports_*</c> flags that are true, without the prefix.</summary>
    public IReadOnlyList<string> Supports { get; init; } = [];

    internal string Id => DeploymentId ?? Name;

    internal string UpstreamName => Upstream ?? "openai/" + Name;
}
