using System.Text;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Limits.Bound;

/// <summary>
/// Puts a maximum into a body that has none. It goes in as <c>max_tokens</c>: LiteLLM translates that for models that want
/// <c>max_completion_tokens</c> (the reasoning ones of OpenAI), while many other upstreams pass over <c>max_completion_tokens</c> in
/// silence, and a maximum that is not obeyed breaks the bound. Only OpenAI itself, and a model that says it takes the newer name and not
/// the older one, get the newer.
/// </summary>
internal static class MaximumEdit
{
    /// <summary>The edit that puts in <paramref name="maximum"/> tokens per choice; a null that stands there is replaced.</summary>
    /// <param name="api">The API called.</param>
    /// <param name="members">What was read of the body.</param>
    /// <param name="model">The model.</param>
    /// <param name="maximum">Tokens per choice.</param>
    /// <param name="wantsNewer">Whether the upstream wants the newer name, whatever it says of the model.</param>
    /// <exception cref="InvalidOperationException">The client set a maximum, or the API has none.</exception>
    public static BodyEdit Create(CallApi api, in RequestMembers members, PolicyModel model, long maximum, bool wantsNewer = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
        if (members.MaxOutputTokens is not null || !api.BodyForm.HasAnswerTokens)
        {
            throw new InvalidOperationException("A maximum is put in only where the API takes one and the client set none.");
        }
        var isNewer = api.BodyForm.TakesNewerMaximum && (wantsNewer || !model.TakesMaxTokens);
        var standing = isNewer ? members.MaxCompletionTokensRange : members.MaxTokensRange;
        if (!standing.IsEmpty)
        {
            return new BodyEdit(standing.Offset, standing.Length, Encoding.UTF8.GetBytes($"{maximum}"));
        }
        var name = isNewer ? "max_completion_tokens" : api.BodyForm.MaximumName;
        return new BodyEdit(members.ModelRange.Offset + members.ModelRange.Length, 0, Encoding.UTF8.GetBytes($",\"{name}\":{maximum}"));
    }
}
