using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Bodies;

/// <summary>Finds the model asked for in the policy of this moment.</summary>
internal sealed class ModelResolutionMiddleware(RequestDelegate next, PolicySource policy)
{
    public Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        if (Resolve(policy.Current, call, call.Body.Members.Model, out var model) is { } refusal)
        {
            return http.RefuseAsync(refusal);
        }
        call.Model = call.Api.BodyForm.Priced(model!, call.Body.Members.ContentRef);
        return next(http);
    }

    private static Refusal? Resolve(PolicySnapshot policy, Call call, string name, out PolicyModel? model)
    {
        model = policy.FindModel(name);
        if (model is null)
        {
            return Refusals.ModelNotFound(name);
        }
        if (!model.IsEnabled)
        {
            return Refusals.ModelDisabled(name);
        }
        if (!policy.Allows(call.Caller.User.TierId, model.Id))
        {
            return Refusals.ModelNotInTier(name);
        }
        return call.Caller.MayUse(model, policy) ? null : Refusals.ModelNotAllowed(name);
    }
}
