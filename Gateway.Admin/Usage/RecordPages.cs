using Gateway.Admin.Conventions;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>
/// Pages of the ledger's calls (not of their corrections), newest first: how many calls there are a day is known from the sums, which are
/// written with the rows.
/// </summary>
internal static class RecordPages
{
    /// <summary>The calls of a page, and how many there are in all.</summary>
    public static async Task<(List<UsageRecord> Rows, long Total)> FindRecordsAsync(
        this HubDbContext db,
        RecordFilter filter,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        if ((filter.Tag ?? filter.EndUser) is not null)
        {
            // Their sums are of days and users; the calls themselves are few, and found by an index or among their user's.
            return await db.RecordsOf(db.EntriesOf(filter).Where(e => e.CorrectsId == null))
                .PageAsync(
                    r => r.AdmittedAt,
                    r => r.Id,
                    page,
                    newestFirst: true,
                    cancellationToken,
                    new TimeRange(filter.From, filter.Until)
                );
        }
        var days = await db.CountDaysAsync(filter, prepaidOnly: false, cancellationToken);
        return await db.RecordsOf(db.EntriesOf(filter).Where(e => e.CorrectsId == null))
            .PageAsync(r => r.AdmittedAt, r => r.Id, days, page, cancellationToken);
    }

    /// <summary>How many calls match, day by day, newest first. Days whose rows the retention deleted are not there.</summary>
    public static async Task<List<TimeCount>> CountDaysAsync(
        this HubDbContext db,
        RecordFilter filter,
        bool prepaidOnly,
        CancellationToken cancellationToken
    )
    {
        var horizon = await db.LedgerHorizons.Select(h => (DateTime?)h.DeletedBefore).SingleOrDefaultAsync(cancellationToken);
        var within = new TimeRange(filter.From, filter.Until).Cut(horizon, null);
        var sums = db.DailyTotals(filter.UserId);
        if (filter.ModelId is { } modelId)
        {
            var model = db.NumberOf(modelId);
            sums = sums.Where(d => d.ModelNumber == model.FirstOrDefault());
        }
        return await CountAsync(db, filter, sums, TimeSpan.FromDays(1), within, TimeCount.DaysOf(within), prepaidOnly, cancellationToken);
    }

    /// <summary>How many prepaid calls there are in a day, hour by hour, newest first.</summary>
    /// <param name="db">The database.</param>
    /// <param name="userId">Whose calls; null: everybody's.</param>
    /// <param name="day">The day, or the part of it that is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<List<TimeCount>> CountPrepaidHoursAsync(
        this HubDbContext db,
        string? userId,
        TimeCount day,
        CancellationToken cancellationToken
    )
    {
        var user = db.NumberOf(userId ?? "");
        IQueryable<UsageSum> sums = userId is null
            ? db.UsageTotals.Where(t => t.Grain == UsageGrain.Hour.Name && t.UserNumber == 0)
            : db.HourlyUsage.Where(h => h.UserNumber == user.FirstOrDefault());
        var within = new TimeRange(day.From, day.Until);
        return CountAsync(
            db,
            new RecordFilter(userId, null, null, null),
            sums,
            TimeSpan.FromHours(1),
            within,
            within with
            {
                From = UtcTime.HourOf(day.From),
            },
            prepaidOnly: true,
            cancellationToken
        );
    }

    private static async Task<List<TimeCount>> CountAsync(
        HubDbContext db,
        RecordFilter filter,
        IQueryable<UsageSum> sums,
        TimeSpan length,
        TimeRange within,
        TimeRange touched,
        bool prepaidOnly,
        CancellationToken cancellationToken
    )
    {
        var counts = await sums.Within(s => s.BucketStart, touched)
            .GroupBy(s => s.BucketStart)
            .Select(g => new TimeSum { Start = g.Key, Count = g.Sum(s => prepaidOnly ? s.PrepaidRequests : s.Requests) })
            .OrderByDescending(c => c.Start)
            .ToListAsync(cancellationToken);
        return await TimeCount.CutAsync(
            counts,
            length,
            within,
            part =>
                db.EntriesOf(filter)
                    .Where(r => prepaidOnly ? r.IsPrepaid && r.TotalCostNanoUsd != 0 : r.CorrectsId == null)
                    .Within(r => r.AdmittedAt, part)
                    .LongCountAsync(cancellationToken)
        );
    }

    /// <summary>The entries that match, of any time.</summary>
    public static IQueryable<LedgerEntry> EntriesOf(this HubDbContext db, RecordFilter filter)
    {
        var entries = db.LedgerEntries.AsNoTracking();
        if (filter.UserId is { } userId)
        {
            var user = db.NumberOf(userId);
            entries = entries.Where(e => e.UserNumber == user.FirstOrDefault());
        }
        if (filter.ModelId is { } modelId)
        {
            var model = db.NumberOf(modelId);
            entries = entries.Where(e => e.ModelNumber == model.FirstOrDefault());
        }
        if (filter.EndUser is { } endUser)
        {
            entries = entries.Where(e => e.EndUser == endUser);
        }
        if (filter.Tag is { } tag)
        {
            var text = TagText.Of(tag);
            entries = entries.Where(e => e.Tags != null && e.Tags.Contains(text));
        }
        return entries;
    }
}
