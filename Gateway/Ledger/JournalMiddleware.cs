using Gateway.Calls;

namespace Gateway.Ledger;

/// <summary>
/// Writes the call's hold into the journal before anything goes upstream. Without room for it, a call that an enforced budget or a balance pays for is refused: after
/// a crash nobody would know of its money. Any other call passes; its record then waits for the database. A hold that was never used is released.
/// </summary>
internal sealed partial class JournalMiddleware(RequestDelegate next, ICallJournal journal, ILogger<JournalMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var inference = http.GetInference();
        if (!journal.TryHold(inference) && inference.Hold is { Lines.Length: > 0 } && inference.Quotas.EnforcesMoney)
        {
            Log.Refused(logger, inference.RequestId);
            await http.RefuseAsync(Refusals.JournalFull);
            return;
        }
        try
        {
            await next(http);
        }
        finally
        {
            if (!inference.IsSettled)
            {
                journal.Release(inference);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} is refused: the journal has no room for its hold.")]
        public static partial void Refused(ILogger logger, string requestId);
    }
}
