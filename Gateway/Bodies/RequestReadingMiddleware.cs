using System.Diagnostics;
using Gateway.Calls;
using Gateway.Core.Configuration;

namespace Gateway.Bodies;

/// <summary>
/// Reads the body, which lives until it has gone upstream. While it is read, the call has a place in flight with all limits that do not
/// depend on its model: what could not be let in anyway costs no memory.
/// </summary>
internal sealed class RequestReadingMiddleware(
    RequestDelegate next,
    IReadingGate gate,
    BodyReader bodies,
    RequestReader reader,
    LabelReader labels,
    BodyOptions options
)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        var invalid = labels.ReadHeaders(http.Request.Headers, out var ofHeaders);
        if ((CheckHead(http.Request, call.Api, options) ?? invalid) is { } refusal)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        var (body, refused) = await ReadAsync(http, call);
        if (body is null)
        {
            CloseAfter(http, refused!);
            await http.RefuseAsync(refused!);
            return;
        }
        using (body)
        {
            call.Add(body);
            call.Labels = labels.Complete(ofHeaders, body.Members.Labels);
            await next(http);
        }
    }

    // The place is given back before anything is answered: the client may call again at once.
    private async ValueTask<(RequestBody? Body, Refusal? Refusal)> ReadAsync(HttpContext http, Call call)
    {
        var (place, refusal) = await gate.EnterAsync(call.Caller, http);
        using (place)
        {
            if (refusal is not null)
            {
                return (null, refusal);
            }
            var start = Stopwatch.GetTimestamp();
            var (buffer, unread) = await bodies.ReadAsync(http.Request, call.Caller.Key?.Id ?? call.Caller.User.Id);
            call.BodyWait = Stopwatch.GetElapsedTime(start);
            if (buffer is null)
            {
                return (null, unread);
            }
            var bytes = buffer.Array.AsSpan(0, buffer.Length);
            var model = CallApi.ModelOfPath(http.Request.RouteValues);
            var isRead =
                call.Api.BodyForm.TakesForm && FormBoundary.Of(http.Request.ContentType) is { } boundary
                    ? reader.TryReadForm(bytes, boundary, call.Api, out var members, out var invalid, model)
                    : reader.TryRead(bytes, call.Api, out members, out invalid, model);
            if (isRead)
            {
                return (new RequestBody(buffer.Array, buffer.Length, members, buffer), null);
            }
            buffer.Dispose();
            return (null, invalid);
        }
    }

    // What a slow client still has to send is not waited for.
    private static void CloseAfter(HttpContext http, Refusal refusal)
    {
        if (refusal == Refusals.SlowBody && HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            http.Response.Headers.Connection = "close";
        }
    }

    private static Refusal? CheckHead(HttpRequest request, CallApi api, BodyOptions options)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return Refusals.MethodNotAllowed(request.Method, "POST");
        }
        if (api.BodyForm.TakesForm ? FormBoundary.Of(request.ContentType) is null : !request.HasJsonContentType())
        {
            return Refusals.MediaType(request.ContentType, api.BodyForm.TakesForm ? "multipart/form-data" : "application/json");
        }
        if (
            request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)
        )
        {
            return Refusals.ContentEncoding(encoding);
        }
        return request.ContentLength > options.MaxBodyBytes ? Refusals.BodyTooLarge(options.MaxBodyBytes) : null;
    }
}
