using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Bodies;

/// <summary>Finds the model asked for in the policy of this moment.</summary>
internal sealed class ModelResolutionMiddleware(RequestDelegate next, PolicySource policy)
{
    public Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        var (snapshot, name) = (policy.Current, call.Body.Members.Model);
        var model = snapshot.FindModel(name);
        if (ModelResolution.Refuse(snapshot, call.Caller, name, model) is { } refusal)
        {
            return http.RefuseAsync(refusal);
        }
        call.Model = call.Api.BodyForm.Priced(model!, call.Body.Members.ContentRef);
        return next(http);
    }
}
