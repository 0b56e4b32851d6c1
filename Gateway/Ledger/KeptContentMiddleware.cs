using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>
/// A call that goes on from an earlier response, is a part of a conversation or names files may do so only where these are its user's own,
/// and goes to the upstream that keeps them. Other calls pass without a look at the database.
/// </summary>
internal sealed class KeptContentMiddleware(RequestDelegate next, ResponseOwners responses, KeptObjects kept, BodyOptions options)
{
    public Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        ref readonly var content = ref call.Body.Members.ContentRef;
        return content.PreviousResponse is not null || content.Conversation is not null || content.MayNameFiles
            ? CheckAsync(http, call)
            : next(http);
    }

    private async Task CheckAsync(HttpContext http, Call call)
    {
        var content = call.Body.Members.Content;
        var (refusal, upstream) = ((Refusal?)null, (string?)null);
        if (content.PreviousResponse is { } response)
        {
            (refusal, upstream) = await responses.FindAsync(call.Caller, response, http.RequestAborted);
        }
        if (refusal is null && content.Conversation is { } id)
        {
            (var conversation, refusal) = await kept.FindAsync(call.Caller, KeptKinds.Conversation, id, http.RequestAborted);
            upstream = conversation?.Upstream;
        }
        if (refusal is null && content.MayNameFiles && FilesOf(call) is { Count: > 0 } files)
        {
            (refusal, var keeper) = await kept.CheckFilesAsync(call.Caller, files, http.RequestAborted);
            upstream ??= keeper;
        }
        if (refusal is not null)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        call.OnlyUpstream = upstream;
        await next(http);
    }

    private HashSet<string> FilesOf(Call call)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (call.Body.Members.FormBoundary is null)
        {
            FileIds.Find(call.Body.Bytes.Span, options.MaxJsonDepth, ids);
        }
        return ids;
    }
}
