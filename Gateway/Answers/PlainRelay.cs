using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;
using Gateway.Ledger;
using Gateway.Limits;
using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>
/// Sends on a JSON answer, byte for byte. Up to PLAIN_HOLD_BYTES it is held until it is read, priced and settled, so that it carries its
/// cost and so that garbage can still be answered with 502. A larger one streams through, its last piece after the settlement.
/// </summary>
internal sealed class PlainRelay(FailureRelay failure, BackgroundKeeper background, AnswerOptions options)
{
    private const int PieceBytes = 32 * 1024;
    private const string CostHeader = "x-oneui-cost-usd";

    public async Task RelayAsync(HttpContext http, HttpResponseMessage upstream, UpstreamCall upstreamCall, UpstreamReader reader)
    {
        using var meter = new PlainMeter(http.GetCall().Api.Answers.Usage);
        using var held = new PooledBuffer(FirstBuffer(upstream));
        while (held.Length <= options.PlainHoldBytes)
        {
            var read = await reader.ReadAsync(held.GetMemory(1));
            if (read == 0)
            {
                await EndHeldAsync(http, upstreamCall, held.Written, meter, reader.End);
                return;
            }
            meter.Feed(held.GetSpan(1)[..read]);
            held.Advance(read);
        }
        http.Response.ContentLength = upstream.Content.Headers.ContentLength;
        await StreamThroughAsync(http, upstreamCall, held, meter, reader);
    }

    // One byte more than the answer has: the read that fills it is followed by one that finds the end, without growing.
    private int FirstBuffer(HttpResponseMessage upstream) =>
        (int)Math.Min(upstream.Content.Headers.ContentLength + 1 ?? 4_096, options.PlainHoldBytes + 1);

    private async Task EndHeldAsync(
        HttpContext http,
        UpstreamCall upstreamCall,
        ReadOnlyMemory<byte> body,
        PlainMeter meter,
        UpstreamEnd end
    )
    {
        var call = http.GetCall();
        var answer = meter.CloseOf(call);
        if (call.Api.IsFree && answer.Error is null && meter.IsWhole)
        {
            answer = answer with { Outcome = AnswerOutcome.Complete }; // it tells of tokens and uses none
        }
        if (answer.Error is not null || IsBareError(answer, body, end))
        {
            var (status, error) = UpstreamErrorReader.ReadInAnswer(body);
            await failure.SendAsync(http, status, error);
        }
        else if (end == UpstreamEnd.GivenUp)
        {
            await call.Reservation.EndAsync(
                answer.UsageSource == UsageSource.None
                    ? CallEnd.LeftBeforeAnswer(call.Body.Length, isStream: false)
                    : End(call, answer, Outcomes.ClientLeft)
            );
        }
        else if (end != UpstreamEnd.Complete || !meter.IsWhole || !meter.IsObject)
        {
            await RefuseAsync(http, call, answer, end);
        }
        else
        {
            await SendAsync(http, upstreamCall, call, answer, body);
        }
    }

    private async Task SendAsync(HttpContext http, UpstreamCall upstreamCall, Call call, MeteredAnswer answer, ReadOnlyMemory<byte> body)
    {
        var outcome =
            answer.IsPending ? Outcomes.Background
            : upstreamCall.ClientIsGone ? Outcomes.ClientLeft
            : answer.Outcome == AnswerOutcome.Failed ? Outcomes.UpstreamEmpty
            : Outcomes.Ok;
        if (answer.IsPending)
        {
            await background.KeepAsync(call, answer.AnswerId!);
        }
        var cost = await call.Reservation.EndAsync(End(call, answer, outcome));
        http.Response.Headers[CostHeader] = cost.ToString();
        http.Response.ContentLength = body.Length;
        await new ClientWriter(http, upstreamCall, options).WriteAsync(body);
    }

    // Half an answer helps no client. It is charged only when the upstream had said what it used.
    private async Task RefuseAsync(HttpContext http, Call call, MeteredAnswer answer, UpstreamEnd end)
    {
        var (refusal, outcome) =
            end == UpstreamEnd.Silent
                ? (Refusals.UpstreamTimeout, Outcomes.UpstreamTimeout)
                : (Refusals.UpstreamInvalid, end == UpstreamEnd.Broken ? Outcomes.UpstreamTruncated : Outcomes.UpstreamInvalid);
        if (answer.UsageSource == UsageSource.Reported)
        {
            await call.Reservation.EndAsync(End(call, answer, outcome) with { HttpStatus = refusal.Status });
        }
        await failure.RefuseAsync(http, refusal, outcome);
    }

    private async Task StreamThroughAsync(
        HttpContext http,
        UpstreamCall upstreamCall,
        PooledBuffer pending,
        PlainMeter meter,
        UpstreamReader reader
    )
    {
        var call = http.GetCall();
        var client = new ClientWriter(http, upstreamCall, options);
        using var next = new PooledBuffer(PieceBytes);
        while (await reader.ReadAsync(next.GetMemory(PieceBytes)) is var read and > 0)
        {
            meter.Feed(next.GetSpan(1)[..read]);
            if (!await client.WriteAsync(pending.Written))
            {
                await call.Reservation.EndAsync(End(call, meter.CloseOf(call), Outcomes.ClientLeft));
                return;
            }
            pending.Clear();
            pending.Append(next.GetSpan(1)[..read]);
        }
        var whole = reader.End == UpstreamEnd.Complete && meter.IsWhole;
        var outcome =
            upstreamCall.ClientIsGone ? Outcomes.ClientLeft
            : whole ? Outcomes.Ok
            : reader.End == UpstreamEnd.Silent ? Outcomes.UpstreamTimeout
            : Outcomes.UpstreamTruncated;
        if (!whole && !upstreamCall.ClientIsGone && client.BytesSent == 0)
        {
            http.Response.ContentLength = null;
            await RefuseAsync(http, call, meter.CloseOf(call), reader.End);
            return;
        }
        await call.Reservation.EndAsync(End(call, meter.CloseOf(call), outcome));
        if (whole)
        {
            await client.WriteAsync(pending.Written);
        }
        else
        {
            await AnswerBreak.BreakOffAsync(http, client.BytesSent); // no status is left to say that this is not all
        }
    }

    private static CallEnd End(Call call, MeteredAnswer answer, string outcome) =>
        new(answer, outcome, StatusCodes.Status200OK, IsStream: false) { UpstreamCost = UpstreamCosts.Of(call, answer, isStream: false) };

    private static bool IsBareError(MeteredAnswer answer, ReadOnlyMemory<byte> body, UpstreamEnd end) =>
        answer is { UsageSource: UsageSource.None, IsPending: false }
        && end == UpstreamEnd.Complete
        && ErrorEnvelope.IsBareError(body.Span);
}
