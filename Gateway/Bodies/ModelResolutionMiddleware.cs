using System.Text;
using System.Text.Json;
using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Bodies;

/// <summary>Finds the model asked for in the policy of this moment, and puts the upstream's name of it into the body.</summary>
internal sealed class ModelResolutionMiddleware(RequestDelegate next, PolicySource policy)
{
    public Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        var members = call.Body.Members;
        if (Resolve(policy.Current, call, members.Model, out var model) is { } refusal)
        {
            return http.RefuseAsync(refusal);
        }
        call.Model = call.Api.BodyForm.Priced(model!, members.ContentRef);
        if (model!.UpstreamName != members.BodyModel)
        {
            call.Body.Edit(new BodyEdit(members.ModelRange.Offset, members.ModelRange.Length, NameIn(members, model.UpstreamName)));
        }
        return next(http);
    }

    // The value of the member, in a form the text of its part; where the body has no such member, the member as its last one.
    private static byte[] NameIn(in RequestMembers members, string name)
    {
        if (members.FormBoundary is { } boundary)
        {
            return members.BodyModel is null ? FormBoundary.TextPart(boundary, "model", name) : Encoding.UTF8.GetBytes(name);
        }
        var value = JsonSerializer.SerializeToUtf8Bytes(name, JsonSerializerOptions.Default);
        return members.BodyModel is not null ? value : [.. members.IsEmpty ? ""u8 : ","u8, .. "\"model\":"u8, .. value];
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
