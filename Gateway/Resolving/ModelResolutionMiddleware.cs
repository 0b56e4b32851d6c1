using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Errors;
using Gateway.Inference;
using Gateway.Reading;

namespace Gateway.Resolving;

/// <summary>Finds the model asked for in the policy of this moment, and puts the upstream's name of it into the body.</summary>
internal sealed class ModelResolutionMiddleware(RequestDelegate next, PolicySource policy)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var inference = http.GetInference();
        var members = inference.Body.Members;
        if (Resolve(policy.Current, inference, members.Model, out var model) is { } refusal)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        inference.Model = model!;
        if (model!.UpstreamName != members.Model)
        {
            inference.Body.Edit(new BodyEdit(members.ModelRange.Offset, members.ModelRange.Length, JsonSerializer.SerializeToUtf8Bytes(model.UpstreamName, JsonSerializerOptions.Default)));
        }
        await next(http);
    }

    private static Refusal? Resolve(PolicySnapshot policy, InferenceRequest inference, string name, out PolicyModel? model)
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
        if (!policy.Allows(inference.Caller.User.TierId, model.Id))
        {
            return Refusals.ModelNotInTier(name);
        }
        return inference.Caller.MayUse(model, policy) ? null : Refusals.ModelNotAllowed(name);
    }
}
