using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Bodies;

/// <summary>Whether a caller may call a model.</summary>
internal static class ModelResolution
{
    /// <summary>Why it may not; null when it may.</summary>
    /// <param name="policy">What is in force.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="name">The model's name, as it was asked for.</param>
    /// <param name="model">The model of that name; null: there is none.</param>
    public static Refusal? Refuse(PolicySnapshot policy, Caller caller, string name, PolicyModel? model)
    {
        if (model is null)
        {
            return Refusals.ModelNotFound(name);
        }
        if (!model.IsEnabled)
        {
            return Refusals.ModelDisabled(name);
        }
        if (!policy.Allows(caller.User.TierId, model.Id))
        {
            return Refusals.ModelNotInTier(name);
        }
        return caller.MayUse(model, policy) ? null : Refusals.ModelNotAllowed(name);
    }
}
