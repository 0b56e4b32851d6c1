using Gateway.Core.Policy;

namespace Gateway.Callers;

/// <summary>One model as OpenAI lists it.</summary>
/// <param name="Id">The name to send as <c>model</c>.</param>
/// <param name="Created">When it came into the catalogue, in Unix seconds.</param>
/// <param name="OwnedBy">Its provider.</param>
internal sealed record ListedModel(string Id, long Created, string OwnedBy)
{
    public string Object => "model";

    public static ListedModel From(PolicyModel model) =>
        new(model.Name, new DateTimeOffset(model.CreatedAt).ToUnixTimeSeconds(), model.Provider ?? "unknown");
}
