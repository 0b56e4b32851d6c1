using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Usage;
using Gateway.Ledger;
using Gateway.Upstream;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Answers;

/// <summary>
/// Responses that the provider makes in the background. The call is charged with its whole hold, and a row of the database names the
/// response, so that a restart loses neither. When it has ended, whether the client asks or the gateway looks, the charge is lowered to
/// what it used, once.
/// </summary>
internal sealed partial class BackgroundResponses(
    IDbContextFactory<HubDbContext> databases,
    UpstreamSide upstream,
    CorrectionService corrections,
    AnswerOptions answers,
    BodyOptions bodies,
    TimeProvider time,
    Rounds rounds,
    ILogger<BackgroundResponses> logger
) : PeriodicService("background_responses", rounds)
{
    private const int MostAtOnce = 1_000;

    private readonly SemaphoreSlim _gate = new(1, 1);

    protected override TimeSpan Interval => answers.BackgroundPollInterval;

    /// <summary>Settles one whose client was just shown it.</summary>
    public async Task SeenAsync(string responseId, ReadOnlyMemory<byte> response, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.BackgroundCalls.FirstOrDefaultAsync(c => c.ResponseId == responseId, cancellationToken) is { } call)
        {
            await SettleAsync(db, call, response, cancellationToken);
        }
    }

    /// <summary>Whether one is still being made, as the upstream says now.</summary>
    public async Task<bool> IsRunningAsync(string responseId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var call = await db.BackgroundCalls.FirstOrDefaultAsync(c => c.ResponseId == responseId, cancellationToken);
        return call is not null && !await LookAsync(db, call, cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var oldest = UtcTime.ToStored(time.GetUtcNow().UtcDateTime - TimeSpan.FromDays(answers.BackgroundDays));
        await db.BackgroundCalls.Where(c => c.CreatedAt < oldest).ExecuteDeleteAsync(cancellationToken);
        foreach (var call in await db.BackgroundCalls.OrderBy(c => c.CreatedAt).Take(MostAtOnce).ToListAsync(cancellationToken))
        {
            try
            {
                await LookAsync(db, call, cancellationToken);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                Log.NotSeen(logger, call.Id, fault.Message); // the next round asks again, and those of other upstreams do not wait
            }
        }
    }

    // True when it has ended.
    private async Task<bool> LookAsync(HubDbContext db, BackgroundCall call, CancellationToken cancellationToken)
    {
        var keeper = await db.UsageRecords.Where(r => r.Id == call.Id).Select(r => r.Upstream).FirstOrDefaultAsync(cancellationToken);
        using var answer = await upstream.SendAsync(
            HttpMethod.Get,
            "responses/" + Uri.EscapeDataString(call.ResponseId),
            keeper,
            cancellationToken
        );
        if (answer is not { IsSuccessStatusCode: true })
        {
            return false;
        }
        await answer.Content.LoadIntoBufferAsync(bodies.MaxBodyBytes, cancellationToken);
        return await SettleAsync(db, call, await answer.Content.ReadAsByteArrayAsync(cancellationToken), cancellationToken);
    }

    private async Task<bool> SettleAsync(
        HubDbContext db,
        BackgroundCall call,
        ReadOnlyMemory<byte> response,
        CancellationToken cancellationToken
    )
    {
        using var meter = new PlainMeter(UsageShape.Responses);
        meter.Feed(response.Span);
        var answer = meter.Close(0);
        if (!meter.IsWhole || answer.State is AnswerState.Unknown or AnswerState.AtWork)
        {
            return false;
        }
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!await db.BackgroundCalls.AnyAsync(c => c.Id == call.Id, cancellationToken))
            {
                return true; // somebody else was first
            }
            // One that was cut short without a figure keeps its charge: nobody knows what it used.
            var isKnown = answer.UsageSource == UsageSource.Reported || answer.State == AnswerState.Failed;
            if (isKnown && !await corrections.SettleAsync(call.Id, [Told(call, answer)], PricesOf(call), cancellationToken))
            {
                return true; // its row is not in the ledger yet
            }
            await db.BackgroundCalls.Where(c => c.Id == call.Id).ExecuteDeleteAsync(cancellationToken);
            Log.Settled(logger, call.Id, answer.State);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    // Null: those of its model now.
    private static PriceTable? PricesOf(BackgroundCall call) =>
        call.Prices is { } kept && PriceTableJson.TryParse(kept, RateUnit.PicoUsd, out var prices, out _) ? prices : null;

    private static SpendLogCall Told(BackgroundCall call, MeteredAnswer answer) =>
        new(
            [call.Id],
            RecordText.Of(call.ResponseId)!,
            answer.AnswerModel ?? "",
            Money.Zero,
            answer is { UsageSource: UsageSource.Reported, Usage: { } usage }
                ? new ReportedUsage(usage, answer.ServiceTier, answer.UsageCost, HasDetails: true)
                : null,
            call.CreatedAt
        );

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} ended in the background: {Status}.")]
        public static partial void Settled(ILogger logger, string requestId, AnswerState status);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream cannot be asked how request {RequestId} stands: {Reason}")]
        public static partial void NotSeen(ILogger logger, string requestId, string reason);
    }
}
