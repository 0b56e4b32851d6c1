using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Upstreams;
using Gateway.Ledger;
using Gateway.Upstream;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Stored;

/// <summary>
/// Batches that the provider works on. The call that made one is charged with its whole hold, and a row of the database names the batch, so
/// that a restart loses neither. When it has ended, whether its user asks or the gateway looks, the charge is lowered to what the lines of
/// its output file say, once.
/// </summary>
internal sealed partial class Batches(
    IDbContextFactory<HubDbContext> databases,
    UpstreamSide upstreams,
    CorrectionService corrections,
    UsageQueue queue,
    AnswerOptions answers,
    BodyOptions bodies,
    TimeProvider time,
    Rounds rounds,
    ILogger<Batches> logger
) : PeriodicService("batches", rounds)
{
    private const int MostAtOnce = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1, 1);

    protected override TimeSpan Interval => answers.BackgroundPollInterval;

    /// <summary>Writes down what its upstream shows of a batch now, and settles it when it has ended.</summary>
    /// <param name="batchId">The upstream's id of it.</param>
    /// <param name="upstream">The upstream.</param>
    /// <param name="userId">Whose it is.</param>
    /// <param name="json">The batch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SeenAsync(string batchId, PolicyUpstream upstream, string userId, byte[] json, CancellationToken cancellationToken)
    {
        if (BatchState.Read(json) is not { } state)
        {
            return;
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await AdoptFilesAsync(db, batchId, upstream, userId, state, cancellationToken);
            await KeptObjects.PutAsync(db, BatchObject(batchId, upstream, userId, json), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
        var call = await db
            .BatchCalls.AsNoTracking()
            .FirstOrDefaultAsync(b => b.BatchId == batchId && b.Upstream == upstream.Name, cancellationToken);
        if (call is not null && state.IsEnded)
        {
            await SettleAsync(call, upstream, state, cancellationToken);
        }
    }

    /// <summary>The row of a batch among what upstreams keep.</summary>
    public KeptObject BatchObject(string batchId, PolicyUpstream upstream, string userId, byte[] json) =>
        new()
        {
            Id = batchId,
            Upstream = upstream.Name,
            Kind = KeptKinds.Batch,
            UserId = userId,
            Content = System.Text.Encoding.UTF8.GetString(json),
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var oldest = UtcTime.ToStored(time.GetUtcNow().UtcDateTime - TimeSpan.FromDays(answers.BackgroundDays));
        await db.BatchCalls.Where(b => b.CreatedAt < oldest).ExecuteDeleteAsync(cancellationToken);
        foreach (var call in await db.BatchCalls.AsNoTracking().OrderBy(b => b.CreatedAt).Take(MostAtOnce).ToListAsync(cancellationToken))
        {
            try
            {
                await LookAsync(call, cancellationToken);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                Log.NotSeen(logger, call.BatchId, call.Upstream, fault.Message); // the next round asks again
            }
        }
    }

    private async Task LookAsync(BatchCall call, CancellationToken cancellationToken)
    {
        if (upstreams.Find(call.Upstream) is not { } upstream)
        {
            return;
        }
        if (await ReadAsync(upstream, "batches/" + Uri.EscapeDataString(call.BatchId), cancellationToken) is { } json)
        {
            await SeenAsync(call.BatchId, upstream, call.UserId, json, cancellationToken);
        }
    }

    private async Task<byte[]?> ReadAsync(PolicyUpstream upstream, string path, CancellationToken cancellationToken)
    {
        using var answer = await upstreams.SendAsync(upstream, HttpMethod.Get, path, null, cancellationToken);
        if (answer is not { IsSuccessStatusCode: true })
        {
            return null;
        }
        await answer.Content.LoadIntoBufferAsync(bodies.MaxBodyBytes, cancellationToken);
        return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    // The files that it wrote belong to its user from the moment on that anybody can know their ids.
    private async Task AdoptFilesAsync(
        HubDbContext db,
        string batchId,
        PolicyUpstream upstream,
        string userId,
        BatchState state,
        CancellationToken cancellationToken
    )
    {
        foreach (var id in new[] { state.OutputFile, state.ErrorFile }.OfType<string>())
        {
            if (await db.KeptObjects.AnyAsync(k => k.Id == id && k.Upstream == upstream.Name, cancellationToken))
            {
                continue;
            }
            var json = await ReadAsync(upstream, "files/" + Uri.EscapeDataString(id), cancellationToken);
            var now = time.GetUtcNow().UtcDateTime;
            db.KeptObjects.Add(
                new KeptObject
                {
                    Id = id,
                    Upstream = upstream.Name,
                    Kind = KeptKinds.File,
                    UserId = userId,
                    Purpose = "batch_output",
                    BatchId = batchId,
                    Content = json is null ? null : System.Text.Encoding.UTF8.GetString(json),
                    CreatedAt = now,
                    UsedAt = now,
                }
            );
        }
    }

    private async Task SettleAsync(BatchCall call, PolicyUpstream upstream, BatchState state, CancellationToken cancellationToken)
    {
        if (await UsedAsync(call, upstream, state, cancellationToken) is not { } used)
        {
            Log.Incomplete(logger, call.Id, call.BatchId);
            return; // asked again; what is never told keeps its charge
        }
        await WaitForRowAsync(call.UserId);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            PriceTableJson.TryParse(call.Prices, RateUnit.PicoUsd, out var prices, out _);
            if (!await corrections.SettleAsync(call.Id, used, prices, cancellationToken))
            {
                return; // its row is not in the ledger yet
            }
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (await db.BatchCalls.Where(b => b.Id == call.Id).ExecuteDeleteAsync(cancellationToken) > 0)
            {
                Log.Settled(logger, call.Id, state.Status, state.Completed);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    // The row that it corrects may still be on its way to the database. One that takes longer is settled by the next look.
    private async Task WaitForRowAsync(string userId)
    {
        try
        {
            await queue.WhenWrittenAsync(userId, Patience);
        }
        catch (TimeoutException) { }
    }

    // What each call of it used; null when the output file does not tell of all that were answered.
    private async Task<List<SpendLogCall>?> UsedAsync(
        BatchCall call,
        PolicyUpstream upstream,
        BatchState state,
        CancellationToken cancellationToken
    )
    {
        List<SpendLogCall> used = [];
        if (state.OutputFile is { } file)
        {
            using var answer = await upstreams.SendAsync(
                upstream,
                HttpMethod.Get,
                $"files/{Uri.EscapeDataString(file)}/content",
                null,
                cancellationToken
            );
            if (answer is not { IsSuccessStatusCode: true })
            {
                return null;
            }
            await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var output = new BatchOutput(call, bodies.MaxBodyBytes);
            if (!await output.ReadAsync(content, used, cancellationToken))
            {
                return null;
            }
        }
        if (used.Count < state.Completed)
        {
            return null;
        }
        if (used.Count == 0)
        {
            used.Add(new SpendLogCall([call.Id], RecordText.Of(call.BatchId)!, "", Money.Zero, null, call.CreatedAt));
        }
        return used;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The batch of request {RequestId} is settled: {Status}, {Calls} calls.")]
        public static partial void Settled(ILogger logger, string requestId, string status, long calls);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The output file of batch {BatchId} does not tell of all its calls: request {RequestId} stays charged with its hold."
        )]
        public static partial void Incomplete(ILogger logger, string requestId, string batchId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Batch {BatchId} cannot be asked for at {Upstream}: {Reason}")]
        public static partial void NotSeen(ILogger logger, string batchId, string upstream, string reason);
    }
}
