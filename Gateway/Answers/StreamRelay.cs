using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;
using Gateway.Limits;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Telemetry;
using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>
/// Sends on a stream of server-sent events, each as it came and at once. On the way every event is metered; a usage chunk that only the
/// gateway asked for is taken out; <c>[DONE]</c> leaves after the settlement, and nothing after it. A stream that breaks, or that holds an
/// error, ends with an error event, and then without the body's proper end (<see cref="AnswerBreak"/>): not every client reads error
/// events, but each sees a body that is cut.
/// </summary>
internal sealed class StreamRelay(
    UsagePlausibility plausibility,
    FailureRelay failure,
    GatewayMetrics metrics,
    AnswerOptions options,
    TimeProvider time
)
{
    private const int PieceBytes = 8 * 1024;
    private const string Buffering = "x-accel-buffering";

    public async Task RelayAsync(HttpContext http, UpstreamCall upstreamCall, UpstreamReader reader)
    {
        var call = http.GetCall();
        using var open = metrics.StreamOpened();
        using var piece = new PooledBuffer(PieceBytes);
        using var events = new EventFilter(
            call.Api.Answers,
            !call.Api.BodyForm.HidesUsageOfStreams || call.Body.Members.IncludeUsage,
            options,
            FailureRelay.IsOfProvider(call)
        );
        var client = new ClientWriter(http, upstreamCall, options);
        var hold = new StreamHold(call.Reservation, plausibility);
        PrepareHeaders(http.Response);
        while (await reader.ReadAsync(piece.GetMemory(PieceBytes)) is var read and > 0)
        {
            events.Push(piece.GetSpan(PieceBytes)[..read]);
            if (events.IsErrorFirst && !upstreamCall.ClientIsGone)
            {
                await SendErrorAsync(http, events);
                return;
            }
            if (events.Error is not null)
            {
                await FailAsync(http, upstreamCall, call, events, client);
                return;
            }
            if (!hold.Covers(events.Meter))
            {
                await CutAsync(http, call, events, client);
                return;
            }
            if (!await FlushAsync(http, upstreamCall, call, events, client))
            {
                await SettleAsync(http, call, events, Outcomes.ClientLeft);
                return;
            }
            if (events.DroppedBytes > options.MaxEventBytes)
            {
                return; // settled and sent at [DONE]; who goes on for so long will not come to an end by itself
            }
        }
        await EndAsync(http, upstreamCall, call, events, client, reader.End);
    }

    // What came so far is sent and charged, and the upstream's error after it ends the stream.
    private async Task FailAsync(HttpContext http, UpstreamCall upstreamCall, Call call, EventFilter events, ClientWriter client)
    {
        await SettleAsync(http, call, events, OutcomeOf(upstreamCall, events, client, UpstreamEnd.None));
        await SendLastAsync(http, upstreamCall, events, client, breaks: true);
    }

    private async ValueTask<bool> FlushAsync(
        HttpContext http,
        UpstreamCall upstreamCall,
        Call call,
        EventFilter events,
        ClientWriter client
    )
    {
        if (events.Meter.IsWhole)
        {
            await SettleAsync(http, call, events, OutcomeOf(upstreamCall, events, client, UpstreamEnd.Complete));
        }
        if (events.Output.Length == 0)
        {
            return !upstreamCall.ClientIsGone || client.Drain(0);
        }
        var sent = await client.WriteAsync(events.Output.Written);
        events.MarkSent();
        return sent;
    }

    // The money is used up: what came so far is sent and charged, and the stream ends as at a maximum. Leaving the relay cancels the
    // upstream.
    private async Task CutAsync(HttpContext http, Call call, EventFilter events, ClientWriter client)
    {
        events.DropUnfinished(); // of an event that has begun in the same read
        call.Api.Answers.AppendEnd(events.Output, call, events.Meter, time.GetUtcNow());
        await SettleAsync(http, call, events, Outcomes.BudgetReached);
        await client.WriteAsync(events.Output.Written);
    }

    private async Task EndAsync(
        HttpContext http,
        UpstreamCall upstreamCall,
        Call call,
        EventFilter events,
        ClientWriter client,
        UpstreamEnd end
    )
    {
        events.Finish();
        if (events.IsErrorFirst && !upstreamCall.ClientIsGone)
        {
            await SendErrorAsync(http, events);
            return;
        }
        var outcome = OutcomeOf(upstreamCall, events, client, end);
        var refusal = outcome switch
        {
            Outcomes.UpstreamTimeout => Refusals.UpstreamTimeout,
            Outcomes.UpstreamTruncated => Refusals.UpstreamTruncated,
            _ => null,
        };
        if (refusal is not null && !events.HasSent && !events.HasUsage)
        {
            http.Response.Headers.Remove(Buffering);
            await failure.RefuseAsync(http, refusal, outcome); // not one whole event came: nothing that could be charged
            return;
        }
        await SettleAsync(http, call, events, outcome);
        if (refusal is not null && events.Error is null && !events.IsTorn)
        {
            events.AppendError(refusal.Status, refusal.ToError(), http.GetRequestId());
        }
        await SendLastAsync(http, upstreamCall, events, client, breaks: refusal is not null || events.Error is not null);
    }

    private static async Task SendLastAsync(
        HttpContext http,
        UpstreamCall upstreamCall,
        EventFilter events,
        ClientWriter client,
        bool breaks
    )
    {
        if (upstreamCall.ClientIsGone)
        {
            return;
        }
        if (events.Output.Length > 0)
        {
            await client.WriteAsync(events.Output.Written);
        }
        if (breaks)
        {
            await AnswerBreak.BreakOffAsync(http);
        }
    }

    private Task SendErrorAsync(HttpContext http, EventFilter events)
    {
        http.Response.Headers.Remove(Buffering);
        return failure.SendAsync(http, events.Error!.Value.Status, events.Error.Value.Error);
    }

    private static string OutcomeOf(UpstreamCall upstreamCall, EventFilter events, ClientWriter client, UpstreamEnd end)
    {
        if (client.HasDropped || (upstreamCall.ClientIsGone && !events.Meter.IsWhole))
        {
            return Outcomes.ClientLeft;
        }
        if (events.Error is not null)
        {
            return Outcomes.UpstreamError;
        }
        if (events.Meter.IsWhole || (end == UpstreamEnd.Complete && events.Meter.HasFinishReason))
        {
            return events.Meter.HasContent || events.HasUsage ? Outcomes.Ok : Outcomes.UpstreamEmpty;
        }
        return end == UpstreamEnd.Silent ? Outcomes.UpstreamTimeout : Outcomes.UpstreamTruncated;
    }

    private async ValueTask SettleAsync(HttpContext http, Call call, EventFilter events, string outcome)
    {
        if (call.Reservation.IsEnded)
        {
            return;
        }
        var answer = events.Meter.CloseOf(call);
        if (outcome == Outcomes.Ok && answer.Outcome == AnswerOutcome.Truncated)
        {
            answer = answer with { Outcome = AnswerOutcome.Complete }; // it said why it ended; only [DONE] is missing
        }
        var end =
            outcome == Outcomes.ClientLeft && answer is { UsageSource: UsageSource.None, Error: null }
                ? CallEnd.LeftBeforeAnswer(call.Body.Length, isStream: true)
                : new CallEnd(answer, outcome, StatusCodes.Status200OK, IsStream: true)
                {
                    UpstreamCost = UpstreamCosts.Of(call, answer, isStream: true),
                };
        await call.Reservation.EndAsync(end);
    }

    private static void PrepareHeaders(HttpResponse response)
    {
        if (response.Headers.CacheControl.Count == 0)
        {
            response.Headers.CacheControl = "no-cache";
        }
        response.Headers[Buffering] = "no"; // a proxy in front must not gather chunks
    }
}
