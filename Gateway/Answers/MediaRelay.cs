using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;
using Gateway.Limits;
using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>
/// Sends on what is neither JSON nor events, byte for byte, as it comes: sound, subtitles, plain text. Nothing in it tells a usage; the API
/// knows what was asked for. Its last piece leaves after the settlement; one that breaks off is cut for the client too.
/// </summary>
internal sealed class MediaRelay(FailureRelay failure, AnswerOptions options)
{
    private const int PieceBytes = 32 * 1024;

    public async Task RelayAsync(HttpContext http, UpstreamCall upstreamCall, UpstreamReader reader, string mediaType)
    {
        var call = http.GetCall();
        var client = new ClientWriter(http, upstreamCall, options);
        var isText = mediaType.StartsWith("text/", StringComparison.Ordinal);
        using var pending = new PooledBuffer(PieceBytes);
        using var next = new PooledBuffer(PieceBytes);
        var bytes = 0L;
        while (await reader.ReadAsync(next.GetMemory(PieceBytes)) is var read and > 0)
        {
            bytes += read;
            if (pending.Length > 0 && !await client.WriteAsync(pending.Written))
            {
                await call.Reservation.EndAsync(End(call, Metered(call, bytes, isText, isWhole: false), Outcomes.ClientLeft));
                return;
            }
            pending.Clear();
            pending.Append(next.GetSpan(1)[..read]);
        }
        if (bytes == 0)
        {
            await RefuseAsync(http, upstreamCall, reader.End);
            return;
        }
        var isWhole = reader.End == UpstreamEnd.Complete;
        var outcome =
            upstreamCall.ClientIsGone ? Outcomes.ClientLeft
            : isWhole ? Outcomes.Ok
            : reader.End == UpstreamEnd.Silent ? Outcomes.UpstreamTimeout
            : Outcomes.UpstreamTruncated;
        await call.Reservation.EndAsync(End(call, Metered(call, bytes, isText, isWhole), outcome));
        await client.WriteAsync(pending.Written);
        if (!isWhole)
        {
            await AnswerBreak.BreakOffAsync(http); // no status is left to say that this is not all
        }
    }

    private Task RefuseAsync(HttpContext http, UpstreamCall upstreamCall, UpstreamEnd end)
    {
        if (upstreamCall.ClientIsGone)
        {
            var call = http.GetCall();
            return call.Reservation.EndAsync(CallEnd.LeftBeforeAnswer(0, isStream: false)).AsTask();
        }
        http.Response.ContentType = null;
        return end switch
        {
            UpstreamEnd.Silent => failure.RefuseAsync(http, Refusals.UpstreamTimeout, Outcomes.UpstreamTimeout),
            UpstreamEnd.Complete => failure.RefuseAsync(http, Refusals.UpstreamInvalid, Outcomes.UpstreamInvalid),
            _ => failure.RefuseAsync(http, Refusals.UpstreamInvalid, Outcomes.UpstreamTruncated),
        };
    }

    private static MeteredAnswer Metered(Call call, long bytes, bool isText, bool isWhole) =>
        call.Api.Answers.Complete(
            call,
            new MeteredAnswer
            {
                HasContent = true,
                ContentBytes = isText ? bytes : 0,
                Things = new AnswerThings { SoundBytes = isText ? 0 : bytes },
                Outcome = isWhole ? AnswerOutcome.Complete : AnswerOutcome.Truncated,
                UsageSource = UsageSource.None,
            }
        );

    private static CallEnd End(Call call, MeteredAnswer answer, string outcome) =>
        new(answer, outcome, StatusCodes.Status200OK, IsStream: false) { UpstreamCost = UpstreamCosts.Of(call, answer, isStream: false) };
}
