using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>
/// While an admin wants prompts and answers kept, copies those of calls that go upstream and gives them to <see cref="ContentWriter"/>. A
/// call never waits for it.
/// </summary>
internal sealed class ContentKeeper(ContentSwitch contents, ContentQueue queue, LedgerOptions options)
{
    /// <summary>
    /// Begins to copy what goes to the client, where that is wanted. The body is copied here: its bytes go back once they are sent.
    /// </summary>
    public void Open(Call call)
    {
        if (contents.IsOn)
        {
            call.Add(new ContentCapture(call.Body.Bytes.Span, options.ContentBytes));
        }
    }

    /// <summary>Keeps what was copied of a call that is over, when it has a row in the ledger.</summary>
    public void Keep(Call call)
    {
        if (call.Capture is { } capture && call.Result is not null)
        {
            queue.TryAdd(
                new RequestContent
                {
                    Id = call.RequestId,
                    UserId = call.Caller.User.Id,
                    Request = capture.Request,
                    Response = capture.ToString(),
                    IsCut = capture.IsCut,
                    CreatedAt = call.AdmittedAt,
                }
            );
        }
    }
}
