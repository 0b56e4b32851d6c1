using Gateway.Admin.Settings;
using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Events;

/// <summary>
/// Sends due events to the webhook, from their rows, so that none is lost with a process. An attempt begins by claiming the row, with one
/// conditional update: of several nodes one wins. A claim lasts longer than an attempt may take; the row of a node that died with one is
/// due again after it.
/// </summary>
internal sealed partial class WebhookSender(
    IDbContextFactory<HubDbContext> databases,
    WebhookClient client,
    SecretBox secrets,
    WebhookMetrics metrics,
    WebhookOptions options,
    TimeProvider time,
    Rounds rounds,
    ILogger<WebhookSender> logger
) : PeriodicService("webhook", rounds)
{
    private const int BatchSize = 100;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan UnreadableWait = TimeSpan.FromMinutes(1);

    protected override TimeSpan Interval => options.WebhookPollInterval;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await SendDueAsync(cancellationToken) == BatchSize)
        {
            // More than one batch is due.
        }
    }

    private async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var now = time.UtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var due = await db
            .Events.AsNoTracking()
            .Where(e => e.NextDeliveryAt <= now)
            .OrderBy(e => e.NextDeliveryAt)
            .ThenBy(e => e.Id)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        if (due.Count == 0)
        {
            return 0;
        }
        if (!Uri.TryCreate(await HubSettings.WebhookUrl.ReadTextAsync(db, cancellationToken), UriKind.Absolute, out var address))
        {
            // Nobody listens. Who begins to later wants news, not history.
            await PostponeAsync(db, due, until: null, cancellationToken);
            return due.Count;
        }
        var secret = secrets.Open(HubSettings.WebhookSecret.Key, await HubSettings.WebhookSecret.ReadTextAsync(db, cancellationToken));
        if (secret is null)
        {
            Log.SecretUnreadable(logger);
            await PostponeAsync(db, due, UtcTime.ToStored(now + UnreadableWait), cancellationToken);
            return 0;
        }
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.WebhookParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, parallel, (row, ct) => AttemptAsync(address, secret, row, ct));
        return due.Count;
    }

    private static async Task PostponeAsync(HubDbContext db, List<EventRow> rows, DateTime? until, CancellationToken cancellationToken)
    {
        var ids = rows.ConvertAll(e => e.Id);
        await db
            .Events.Where(e => ids.Contains(e.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.NextDeliveryAt, until), cancellationToken);
    }

    private async ValueTask AttemptAsync(Uri address, string secret, EventRow row, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var attempt = row.DeliveryAttempts + 1;
        var claimEnds = UtcTime.ToStored(time.UtcNow() + (2 * options.WebhookTimeout) + TimeSpan.FromSeconds(1));
        var claimed = await db
            .Events.Where(e => e.Id == row.Id && e.DeliveryAttempts == row.DeliveryAttempts && e.NextDeliveryAt == row.NextDeliveryAt)
            .ExecuteUpdateAsync(
                set => set.SetProperty(e => e.DeliveryAttempts, attempt).SetProperty(e => e.NextDeliveryAt, claimEnds),
                cancellationToken
            );
        if (claimed == 0)
        {
            return; // another node has it
        }
        var fault = await client.SendAsync(address, secret, row, cancellationToken);
        var now = time.UtcNow();
        metrics.Attempted(isDelivered: fault is null, isLast: attempt >= options.WebhookAttempts);
        var next = fault is null || attempt >= options.WebhookAttempts ? (DateTime?)null : UtcTime.ToStored(now + WaitAfter(attempt));
        await db
            .Events.Where(e => e.Id == row.Id && e.DeliveryAttempts == attempt)
            .ExecuteUpdateAsync(
                set => set.SetProperty(e => e.DeliveredAt, fault == null ? now : (DateTime?)null).SetProperty(e => e.NextDeliveryAt, next),
                CancellationToken.None
            );
        if (fault is not null)
        {
            Log.NotDelivered(logger, row.Id, attempt, options.WebhookAttempts, fault);
        }
    }

    // Doubles, and is spread so that many failed deliveries do not come back at one moment.
    private TimeSpan WaitAfter(int attempt)
    {
        var wait = Math.Min(options.WebhookRetryDelay.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30)), LongestWait.TotalSeconds);
        return TimeSpan.FromSeconds(wait * (0.5 + Random.Shared.NextDouble()));
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Event {EventId} was not delivered to the webhook, attempt {Attempt} of {Attempts}: {Reason}."
        )]
        public static partial void NotDelivered(ILogger logger, string eventId, int attempt, int attempts, string reason);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The webhook's secret cannot be read with this ENCRYPTION_KEY; nothing is sent until it is written again."
        )]
        public static partial void SecretUnreadable(ILogger logger);
    }
}
