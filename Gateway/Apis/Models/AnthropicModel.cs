using Gateway.Core.Policy;

namespace Gateway.Apis.Models;

/// <summary>One model as Anthropic lists it.</summary>
/// <param name="Id">The name to send as <c>model</c>.</param>
/// <param name="DisplayName">The same: the catalogue has one name.</param>
/// <param name="CreatedAt">When it came into the catalogue.</param>
/// <param name="MaxInputTokens">The longest prompt; null: not known.</param>
/// <param name="MaxTokens">The longest answer; null: not known.</param>
internal sealed record AnthropicModel(string Id, string DisplayName, DateTime CreatedAt, long? MaxInputTokens, long? MaxTokens)
{
    public string Type => "model";

    public static AnthropicModel From(PolicyModel model) =>
        new(model.Name, model.Name, DateTime.SpecifyKind(model.CreatedAt, DateTimeKind.Utc), model.MaxInputTokens, model.MaxOutputTokens);
}
