using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;
using Gateway.Calls;

namespace Gateway.Ledger;

/// <summary>While an admin wants prompts and answers kept, copies those of calls that go upstream and gives them to <see cref="ContentWriter"/>. A call never waits for it.</summary>
internal sealed class ContentMiddleware(RequestDelegate next, ContentSwitch contents, ContentQueue queue, HubOptions options)
{
    public Task InvokeAsync(HttpContext http) => contents.IsOn ? KeepAsync(http) : next(http);

    private async Task KeepAsync(HttpContext http)
    {
        var inference = http.GetInference();
        var capture = inference.Capture = new ContentCapture(options.ContentBytes);
        var body = inference.Body.Bytes.Span;
        var isCut = body.Length > options.ContentBytes;
        var request = ContentCapture.TextOf(isCut ? body[..options.ContentBytes] : body);
        try
        {
            await next(http);
        }
        finally
        {
            if (inference.IsSettled)
            {
                queue.TryAdd(new RequestContent
                {
                    Id = inference.RequestId, UserId = inference.Caller.User.Id, Request = request, Response = capture.ToString(), IsCut = isCut || capture.IsCut, CreatedAt = inference.AdmittedAt,
                });
            }
        }
    }
}
