using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Upstream;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Answers;

/// <summary>Takes over the upstream's answer as soon as its headers are there, and sends it on in the way that its kind asks for.</summary>
internal sealed class AnswerRelay(
    PlainRelay plain,
    StreamRelay stream,
    MediaRelay media,
    FailureRelay failure,
    AnswerHeaders headers,
    AnswerOptions options,
    TimeProvider time
) : IAnswerRelay
{
    /// <inheritdoc/>
    public Task RelayAsync(HttpContext http, HttpResponseMessage upstream)
    {
        var call = http.GetCall();
        var upstreamCall = http.Features.Get<UpstreamCall>()!;
        if (upstreamCall.MovesOn((int)upstream.StatusCode))
        {
            upstreamCall.Wait = RetryAfter.Of(upstream);
            return Task.CompletedTask;
        }
        upstreamCall.IsAnswered = true;
        call.FirstByteAt = time.GetUtcNow().UtcDateTime;
        headers.Copy(upstream, http.Response, call);
        http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null; // the forwarder has put the upstream's there
        if (!upstream.IsSuccessStatusCode)
        {
            return failure.RelayAsync(http, upstream, upstreamCall);
        }
        http.Response.StatusCode = StatusCodes.Status200OK; // some other successes may have no body
        return RelaySuccessAsync(http, upstream, upstreamCall, call);
    }

    private async Task RelaySuccessAsync(HttpContext http, HttpResponseMessage upstream, UpstreamCall upstreamCall, Call call)
    {
        using var reader = await UpstreamReader.OpenAsync(upstream, upstreamCall, call, options);
        var mediaType = AnswerKinds.MediaTypeOf(upstream);
        var stated = upstream.Content.Headers.ContentType?.ToString();
        switch (await KindAsync(mediaType, call, reader))
        {
            case AnswerKind.Events:
                http.Response.ContentType = AnswerKinds.Label(stated, AnswerKinds.EventsType);
                await stream.RelayAsync(http, upstreamCall, reader);
                break;
            case AnswerKind.Json:
                http.Response.ContentType = AnswerKinds.Label(stated, AnswerKinds.JsonType);
                await plain.RelayAsync(http, upstream, upstreamCall, reader);
                break;
            case AnswerKind.Media:
                http.Response.ContentType = AnswerKinds.Label(stated, mediaType);
                await media.RelayAsync(http, upstreamCall, reader, mediaType);
                break;
            default:
                await failure.RefuseAsync(http, Refusals.UpstreamInvalid, Outcomes.UpstreamInvalid);
                break;
        }
    }

    // A plain call's JSON that says so is not looked at twice.
    private static async ValueTask<AnswerKind> KindAsync(string mediaType, Call call, UpstreamReader reader)
    {
        var asksForStream = call.Body.Members.Stream;
        if (call.Api.Answers.BringsMedia && AnswerKinds.IsMedia(mediaType))
        {
            return AnswerKind.Media; // whatever its first bytes are
        }
        if (mediaType == AnswerKinds.JsonType && !asksForStream)
        {
            return AnswerKind.Json;
        }
        var start = await reader.PeekAsync(mediaType == AnswerKinds.EventsType);
        var kind = AnswerKinds.Of(mediaType, asksForStream, start.Span);
        var isBroken = reader.End is not (UpstreamEnd.None or UpstreamEnd.Complete);
        return kind == AnswerKind.None && isBroken ? AnswerKind.Json : kind; // the plain relay knows how to tell of a break
    }
}
