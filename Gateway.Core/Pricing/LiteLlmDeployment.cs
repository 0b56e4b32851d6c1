namespace Gateway.Core.Pricing;

/// <summary>One row of LiteLLM's <c>/model/info</c>: a deployment, with what the catalogue needs of it.</summary>
public sealed record LiteLlmDeployment
{
    /// <summary>The name clients call; several deployments may share it.</summary>
    public required string ModelName { get; init; }

    /// <summary><c>model_info.id</c>, as in the header <c>x-litellm-model-id</c>.</summary>
    public string? DeploymentId { get; init; }

    /// <summary><c>litellm_params.model</c>, such as <c>openai/gpt-4o</c>.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>The price map's name for the model, as far as LiteLLM found one.</summary>
    public string? MapName { get; init; }

    public string? BaseModel { get; init; }

    public string? Provider { get; init; }

    /// <summary><c>chat</c>, <c>embedding</c> ...; null for models outside the map.</summary>
    public string? Mode { get; init; }

    public long? MaxInputTokens { get; init; }

    public long? MaxOutputTokens { get; init; }

    public int? Dimensions { get; init; }

    /// <summary>True when the deployment is stored in LiteLLM's database, and so can be edited by its API.</summary>
    public bool IsInDatabase { get; init; }

    /// <summary>What the <c>supports_*</c> fields say yes to, without that prefix.</summary>
    public IReadOnlyList<string> Supports { get; init; } = [];

    public PriceTable Prices { get; init; } = PriceTable.Empty;

    public LiteLlmPriceOrigin PriceOrigin { get; init; }

    /// <summary>Price fields above zero that no charge of ours follows: the catalogue shows them.</summary>
    public IReadOnlyList<string> UnusedPriceFields { get; init; } = [];
}
