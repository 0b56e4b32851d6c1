using Gateway.Forwarding;
using Gateway.Inference;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Relaying;

/// <summary>Takes over the upstream's answer as soon as its headers are there, and sends it on in the way that its kind asks for.</summary>
internal sealed class AnswerRelay(PlainRelay plain, StreamRelay stream, FailureRelay failure, AnswerHeaders headers, TimeProvider time)
{
    /// <summary>Relays the answer to its end, or leaves it alone so that another destination may be tried.</summary>
    public Task RelayAsync(HttpContext http, HttpResponseMessage upstream)
    {
        var inference = http.GetInference();
        var call = http.Features.Get<UpstreamCall>()!;
        if ((int)upstream.StatusCode is 502 or 503 && call.HasOtherDestination && !call.ClientIsGone)
        {
            call.MayTryElsewhere = true;
            return Task.CompletedTask;
        }
        call.IsAnswered = true;
        inference.FirstByteAt = time.GetUtcNow().UtcDateTime;
        headers.Copy(upstream, http.Response, inference);
        http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;   // the forwarder has put the upstream's there
        if (!upstream.IsSuccessStatusCode)
        {
            return failure.RelayAsync(http, upstream, call);
        }
        http.Response.StatusCode = StatusCodes.Status200OK;   // some other successes may have no body
        return upstream.Content.Headers.ContentType?.MediaType switch
        {
            "text/event-stream" => stream.RelayAsync(http, upstream, call),
            "application/json" => plain.RelayAsync(http, upstream, call),
            _ => failure.RefuseAsync(http, Errors.Refusals.UpstreamInvalid, Recording.Outcomes.UpstreamInvalid),
        };
    }
}
