using Gateway.Answers;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Upstreams;
using Gateway.Core.Usage;
using Gateway.Ledger;
using Gateway.Limits;
using Gateway.Upstream;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Stored;

/// <summary>
/// The last stage of a call that makes a batch: sends it to the upstream that keeps its file, writes down which batch came of it, and only
/// then charges its hold and tells the client.
/// </summary>
internal sealed partial class BatchSender(
    IDbContextFactory<HubDbContext> databases,
    UpstreamSide upstreams,
    Batches batches,
    HubOptions options,
    TimeProvider time,
    ILogger<BatchSender> logger
)
{
    private const int NothingSent = -1;

    /// <summary>Sends it.</summary>
    public async Task SendAsync(HttpContext http)
    {
        var call = http.GetCall();
        if (upstreams.Find(call.OnlyUpstream) is not { } upstream)
        {
            await call.Reservation.EndAsync(CallEnd.NeverSent);
            await http.RefuseAsync(Refusals.KeeperGone(KeptKinds.File, call.OnlyUpstream!));
            return;
        }
        (call.Upstream, call.Attempts) = (upstream, 1);
        var (status, body) = await AskAsync(call, upstream);
        if (status is >= 200 and < 300 && StoredRequest.IdOf(body) is { } id)
        {
            await KeepAsync(http, call, upstream, id, body);
            return;
        }
        if (status is >= 400 and <= 599)
        {
            await call.Reservation.EndAsync(CallEnd.Failed(Outcomes.UpstreamError, status, isStream: false));
            await StoredForward.RefuseAsync(http, status, body);
            return;
        }
        if (status == NothingSent)
        {
            await call.Reservation.EndAsync(
                CallEnd.Unanswered(Outcomes.UpstreamUnreachable, Refusals.UpstreamUnreachable.Status, isStream: false)
            );
            await http.RefuseAsync(Refusals.UpstreamUnreachable);
            return;
        }
        // Nobody knows whether it took the batch: one that runs would cost money that nobody is charged with.
        await call.Reservation.EndAsync(Pending(null));
        await http.RefuseAsync(status == 0 ? Refusals.UpstreamUnreachable : Refusals.UpstreamInvalid);
    }

    // The answer; status 0: there is none. The client's leaving does not stop it: a batch may have been made.
    private async Task<(int Status, byte[] Body)> AskAsync(Call call, PolicyUpstream upstream)
    {
        using var stop = new CancellationTokenSource(options.Upstream.UpstreamFirstByteTimeout);
        try
        {
            using var answer = await upstreams.SendAsync(
                upstream,
                HttpMethod.Post,
                "batches",
                StoredRequest.Json(call.Body.Bytes),
                stop.Token
            );
            if (answer is null)
            {
                return (NothingSent, []);
            }
            await answer.Content.LoadIntoBufferAsync(options.Body.MaxBodyBytes, stop.Token);
            return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(stop.Token));
        }
        catch (HttpRequestException fault)
            when (fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return (NothingSent, []);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            Log.Unanswered(logger, call.RequestId, fault.Message);
            return (0, []);
        }
    }

    private async Task KeepAsync(HttpContext http, Call call, PolicyUpstream upstream, string id, byte[] body)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            var file = call.Part<BatchFile>();
            db.BatchCalls.Add(
                new BatchCall
                {
                    Id = call.RequestId,
                    BatchId = id,
                    Upstream = upstream.Name,
                    UserId = call.Caller.User.Id,
                    Endpoint = file.Endpoint,
                    LargestNanoUsd = file.LargestNanoUsd,
                    Prices = file.Prices,
                    CreatedAt = time.GetUtcNow().UtcDateTime,
                }
            );
            await KeptObjects.PutAsync(db, batches.BatchObject(id, upstream, call.Caller.User.Id, body), CancellationToken.None);
            await db.SaveChangesAsync();
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            Log.NotKept(logger, call.RequestId, id, fault);
            await CancelAsync(upstream, id);
            await call.Reservation.EndAsync(Pending(id));
            await http.RefuseAsync(Refusals.StoreUnavailable);
            return;
        }
        await call.Reservation.EndAsync(Pending(id));
        await StoredForward.SendAsync(http, body);
    }

    private async Task CancelAsync(PolicyUpstream upstream, string id)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            var path = $"batches/{Uri.EscapeDataString(id)}/cancel";
            (await upstreams.SendAsync(upstream, HttpMethod.Post, path, null, stop.Token))?.Dispose();
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            // It runs on, and its hold stays charged.
        }
    }

    private static CallEnd Pending(string? id) =>
        new(
            new MeteredAnswer
            {
                AnswerId = id,
                IsPending = true,
                HasContent = true,
                Outcome = AnswerOutcome.Complete,
                UsageSource = UsageSource.None,
            },
            Outcomes.Background,
            StatusCodes.Status200OK,
            IsStream: false
        );

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Request {RequestId}: the upstream broke off before it told whether it took the batch ({Reason}). The call stays "
                + "charged with its hold."
        )]
        public static partial void Unanswered(ILogger logger, string requestId, string reason);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Request {RequestId}: the database does not take the name of batch {BatchId}. It is cancelled, and the call stays "
                + "charged with its hold."
        )]
        public static partial void NotKept(ILogger logger, string requestId, string batchId, Exception fault);
    }
}
