using System.Net;
using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Upstream;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Stored;

/// <summary>
/// Ends what upstreams keep and nobody has used for <c>KEPT_DAYS</c>: files and conversations are deleted at their upstream first, so that
/// nothing lives there whose owner nobody knows. Batches cannot be deleted there, and without an owner nobody can ask for one. What an open
/// charge depends on stays.
/// </summary>
internal sealed partial class KeptRetention(
    IDbContextFactory<HubDbContext> databases,
    UpstreamSide upstreams,
    KeptObjects kept,
    AnswerOptions options,
    TimeProvider time,
    Rounds rounds,
    ILogger<KeptRetention> logger
) : PeriodicService("kept_retention", rounds)
{
    private const int StepRows = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected override TimeSpan Interval => options.KeptDays == 0 ? TimeSpan.Zero : TimeSpan.FromHours(1);

    /// <summary>Ends what is unused for too long now.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        var before = UtcTime.ToStored(time.GetUtcNow().UtcDateTime - TimeSpan.FromDays(options.KeptDays));
        var (ended, left) = (0, 0);
        var away = new HashSet<string>(StringComparer.Ordinal);
        List<KeptObject> step;
        do
        {
            step = await OldAsync(before, left, cancellationToken);
            foreach (var one in step)
            {
                var isEnded = await EndAsync(one, away, cancellationToken);
                (ended, left) = isEnded ? (ended + 1, left) : (ended, left + 1);
            }
        } while (step.Count == StepRows);
        if (ended + left > 0)
        {
            Log.Ended(logger, ended, options.KeptDays, left);
        }
        return ended;
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken);

    private async Task<List<KeptObject>> OldAsync(DateTime before, int left, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .KeptObjects.AsNoTracking()
            .Where(k => k.UsedAt < before)
            .Where(k => !db.BatchCalls.Any(b => b.Upstream == k.Upstream && (b.BatchId == k.Id || b.BatchId == k.BatchId)))
            .OrderBy(k => k.UsedAt)
            .ThenBy(k => k.Id)
            .Skip(left)
            .Take(StepRows)
            .ToListAsync(cancellationToken);
    }

    private async Task<bool> EndAsync(KeptObject one, HashSet<string> away, CancellationToken cancellationToken)
    {
        if (!await IsGoneAsync(one, away, cancellationToken))
        {
            return false;
        }
        await kept.ForgetAsync(one, cancellationToken);
        return true;
    }

    // Whether nobody can reach it at its upstream from now on.
    private async Task<bool> IsGoneAsync(KeptObject one, HashSet<string> away, CancellationToken cancellationToken)
    {
        if (one.Kind == KeptKinds.Batch)
        {
            return true;
        }
        if (away.Contains(one.Upstream) || upstreams.Find(one.Upstream) is not { } upstream)
        {
            return false;
        }
        var path = (one.Kind == KeptKinds.File ? "files/" : "conversations/") + Uri.EscapeDataString(one.Id);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Patience);
        try
        {
            using var deleted = await upstreams.SendAsync(upstream, HttpMethod.Delete, path, null, stop.Token);
            if (deleted is { IsSuccessStatusCode: true })
            {
                return true;
            }
            // 404 alone may mean that it deletes nothing.
            using var shown = await upstreams.SendAsync(upstream, HttpMethod.Get, path, null, stop.Token);
            return shown is { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Gone };
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            away.Add(one.Upstream); // the others of it wait for the next round
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{Ended} files, conversations and batches that nobody used for {Days} days are deleted; {Left} cannot be, at present."
        )]
        public static partial void Ended(ILogger logger, int ended, int days, int left);
    }
}
