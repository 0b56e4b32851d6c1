using Gateway.Core.Policy;

namespace Gateway.Apis.Models;

/// <summary>One model as OpenAI lists it, with what clients read beside that, under OpenRouter's names.</summary>
/// <param name="Id">The name to send as <c>model</c>.</param>
/// <param name="Created">When it came into the catalogue, in Unix seconds.</param>
/// <param name="OwnedBy">Its provider.</param>
internal sealed record ListedModel(string Id, long Created, string OwnedBy)
{
    public string Object => "model";

    /// <summary>The longest prompt in tokens; null: not known.</summary>
    public required long? ContextLength { get; init; }

    /// <summary>The longest answer in tokens; null: not known.</summary>
    public required long? MaxOutputTokens { get; init; }

    /// <summary>What it costs; null: not known.</summary>
    public required ModelPricing? Pricing { get; init; }

    /// <summary>Members of a body that the upstream says it takes; empty: it does not say.</summary>
    public required IReadOnlyList<string> SupportedParameters { get; init; }

    /// <summary>What a prompt may hold.</summary>
    public required IReadOnlyList<string> InputModalities { get; init; }

    public static ListedModel From(PolicyModel model) =>
        new(model.Name, new DateTimeOffset(model.CreatedAt).ToUnixTimeSeconds(), model.Provider ?? "unknown")
        {
            ContextLength = model.MaxInputTokens,
            MaxOutputTokens = model.MaxOutputTokens,
            Pricing = ModelPricing.Of(model),
            SupportedParameters = model.SupportedParameters,
            InputModalities = model.SupportsVision ? ["text", "image"] : ["text"],
        };
}
