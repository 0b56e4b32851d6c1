using Gateway.Core.Policy;

namespace Gateway.Calls;

/// <summary>Who makes a call: a user, through one of its keys or an access token. Immutable.</summary>
/// <param name="User">The user.</param>
/// <param name="Key">The key, or null for an access token.</param>
internal sealed record Caller(CallingUser User, CallingKey? Key)
{
    /// <summary>The team that the call counts for: the key's own, else the user's.</summary>
    public string? TeamId => Key?.TeamId ?? User.TeamId;

    /// <summary>Whether this caller may use a model: its tier includes it, and its key names it by any of its names.</summary>
    public bool MayUse(PolicyModel model, PolicySnapshot policy)
    {
        if (!policy.Allows(User.TierId, model.Id))
        {
            return false;
        }
        if (Key is null || Key.Models.Count == 0)
        {
            return true;
        }
        foreach (var name in Key.Models)
        {
            if (ReferenceEquals(policy.FindModel(name), model))
            {
                return true;
            }
        }
        return false;
    }
}
