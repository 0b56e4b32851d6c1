namespace Gateway.Core.Storage.Entities;

/// <summary>A model that clients may name.</summary>
public sealed class CatalogModel
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The maker.</summary>
    public required string CompanyId { get; set; }

    /// <summary>The display name; also accepted as the name of a call's model.</summary>
    public required string Name { get; set; }

    /// <summary>Free text, or null.</summary>
    public string? Description { get; set; }

    /// <summary>A list with commas, or null.</summary>
    public string? Features { get; set; }

    /// <summary>The name at LiteLLM, which calls carry upstream; unique when not null.</summary>
    public string? ExternalId { get; set; }

    /// <summary>Further names that clients may use.</summary>
    public List<string> Aliases { get; set; } = [];

    /// <summary>Providers that serve it, for instance <c>openai</c>.</summary>
    public List<string> Providers { get; set; } = [];

    /// <summary>Parameters that the upstream says it takes.</summary>
    public List<string> SupportedOpenAiParams { get; set; } = [];

    /// <summary>The longest prompt in tokens, or null when not known.</summary>
    public long? MaxInputTokens { get; set; }

    /// <summary>The longest answer in tokens, or null when not known.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>LiteLLM's word: <c>chat</c>, <c>completion</c>, <c>embedding</c>, <c>image_generation</c>, ...</summary>
    public required string Mode { get; set; }

    /// <summary>Takes images.</summary>
    public bool SupportsVision { get; set; }

    /// <summary>Takes tools.</summary>
    public bool SupportsFunctionCalling { get; set; }

    /// <summary>Makes several tool calls at once.</summary>
    public bool SupportsParallelFunctionCalling { get; set; }

    /// <summary>Searches the web itself.</summary>
    public bool SupportsWebSearch { get; set; }

    /// <summary>Reasons before it answers.</summary>
    public bool SupportsReasoning { get; set; }

    /// <summary>Tokens that the provider adds to every prompt; null: the shipped value of the provider.</summary>
    public long? PromptOverheadTokens { get; set; }

    /// <summary>Tokens that the provider adds when a call has tools; null: the shipped value of the provider.</summary>
    public long? ToolsOverheadTokens { get; set; }

    /// <summary>Whether reasoning is counted beside the maximum that a call sets.</summary>
    public bool ReasoningOutsideMax { get; set; }

    /// <summary>Names of the members that an admin set: sync leaves them alone.</summary>
    public List<string> AdminEdited { get; set; } = [];

    /// <summary>When the upstream last showed it.</summary>
    public DateTime? LastSyncedAt { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}
