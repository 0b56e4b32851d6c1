namespace Gateway.Core.Storage.Entities;

/// <summary>A level of service: limits hang on it, users are in one.</summary>
public sealed class Tier
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>Unique ignoring case.</summary>
    public required string Name { get; set; }

    /// <summary><see cref="Name"/> in lower case: the unique index works on this.</summary>
    public required string NameKey { get; set; }

    /// <summary>Free text, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Whether anybody may register on it.</summary>
    public bool IsFree { get; set; }

    /// <summary>The total spend that unlocks it, in nano-dollars (not a fee).</summary>
    public long PriceNanoUsd { get; set; }

    /// <summary>The most answer tokens of one call; null: the model's own maximum.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary><c>prepaid</c>, <c>postpaid</c>, or null for the process's.</summary>
    public string? BillingMode { get; set; }

    /// <summary>Whether calls pass when the database cannot be asked what their limits and budgets have left.</summary>
    public bool FailOpen { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}

/// <summary>When users pay.</summary>
public static class BillingModes
{
    /// <summary>Calls are paid from the balance and refused without one.</summary>
    public const string Prepaid = "prepaid";

    /// <summary>Calls are recorded; the balance is not asked.</summary>
    public const string Postpaid = "postpaid";

    /// <summary>Both.</summary>
    public static IReadOnlyList<string> All { get; } = [Prepaid, Postpaid];
}

/// <summary>Who makes a model.</summary>
public sealed class Company
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The display name.</summary>
    public required string Name { get; set; }

    /// <summary>Relative (<c>/uploads/...</c>) or absolute, or null.</summary>
    public string? LogoUrl { get; set; }

    /// <summary>Free text, or null.</summary>
    public string? Description { get; set; }

    /// <summary>The provider's name at LiteLLM; unique when not null.</summary>
    public string? ExternalId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}

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

/// <summary>Whether a model may be used and whether it costs anything.</summary>
public sealed class ModelConfig
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The model; one config each.</summary>
    public required string ModelId { get; set; }

    /// <summary>Calls cost nothing, whatever the rates say.</summary>
    public bool IsFree { get; set; }

    /// <summary>False: calls are refused.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>One of <see cref="PriceSources"/>: where input and output price come from.</summary>
    public required string PriceSource { get; set; }

    /// <summary>The most tokens that one image of a prompt counts; null when not known.</summary>
    public long? ImageTokenBound { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}

/// <summary>One rate of a model's price table.</summary>
public sealed class ModelRate
{
    /// <summary>The model.</summary>
    public required string ModelId { get; set; }

    /// <summary>The key of the rate, in the form of the shipped price file: <c>input</c>, <c>output@priority</c>, <c>input&gt;200000</c>, <c>image</c>, ...</summary>
    public required string RateKey { get; set; }

    /// <summary>Pico-dollars (1e-12 USD) per token or item.</summary>
    public long PicoUsd { get; set; }

    /// <summary>One of <see cref="PriceSources"/>; sync replaces all but the admin's.</summary>
    public required string Source { get; set; }
}

/// <summary>Where a price comes from, in order of precedence.</summary>
public static class PriceSources
{
    /// <summary>An admin sent it.</summary>
    public const string Admin = "admin";

    /// <summary>LiteLLM's <c>/model/info</c>.</summary>
    public const string LiteLlm = "litellm";

    /// <summary>The price file that comes with the product.</summary>
    public const string Shipped = "shipped";
}
