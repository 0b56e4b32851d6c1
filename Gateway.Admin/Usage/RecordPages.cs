using Gateway.Admin.Conventions;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>Which calls are wanted; null: all. <see cref="Until"/> is the first moment that is too late.</summary>
internal sealed record RecordFilter(string? UserId, string? ModelId, DateTime? From, DateTime? Until);

/// <summary>
/// Pages of the ledger's calls (not of their corrections), newest first, that cost the same on the first page and in the middle of ten million rows. How many calls there are a day is known from the sums, which
/// are written with the rows: added up they are the true total, and they tell in which days a page lies, so that only the calls of those days are looked at. Within its first
/// day a page is found by an index alone.
/// </summary>
internal static class RecordPages
{
    /// <summary>The calls of a page, and how many there are in all.</summary>
    public static async Task<(List<UsageRecord> Rows, long Total)> FindRecordsAsync(this HubDbContext db, RecordFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var days = await db.CountDaysAsync(filter, prepaidOnly: false, cancellationToken);
        var total = days.Sum(d => d.Count);
        if (DayCount.Locate(days, page) is not { } place)
        {
            return ([], total);
        }
        var found = db.RecordsOf(filter).Where(r => r.CorrectsId == null);
        var first = new PageRequest(page.Limit, place.Skip);
        return (await found.RowsAsync(r => r.AdmittedAt, r => r.Id, first, place.Count, newestFirst: true, cancellationToken, new TimeRange(place.From, place.Until)), total);
    }

    /// <summary>How many calls match, day by day, newest first: from the sums, and counted where the filter cuts a day. Days whose rows the retention deleted are not there.</summary>
    public static async Task<List<DayCount>> CountDaysAsync(this HubDbContext db, RecordFilter filter, bool prepaidOnly, CancellationToken cancellationToken)
    {
        var horizon = await db.LedgerHorizons.Select(h => (DateTime?)h.DeletedBefore).SingleOrDefaultAsync(cancellationToken);
        var from = Later(filter.From, horizon);
        var firstDay = from is { } f ? UtcTime.DayOf(f) : (DateTime?)null;
        var days = await db.DailyTotals(filter.UserId)
            .Where(d => filter.ModelId == null || d.ModelId == filter.ModelId)
            .Where(d => firstDay == null || d.BucketStart >= firstDay)
            .Where(d => filter.Until == null || d.BucketStart < filter.Until)
            .GroupBy(d => d.BucketStart)
            .Select(g => new { Day = g.Key, Count = g.Sum(d => prepaidOnly ? d.PrepaidRequests : d.Requests) })
            .OrderByDescending(d => d.Day)
            .ToListAsync(cancellationToken);
        List<DayCount> counts = new(days.Count);
        foreach (var day in days)
        {
            var whole = new DayCount(day.Day, day.Day.AddDays(1), day.Count);
            var part = whole with { From = Later(whole.From, from)!.Value, Until = filter.Until < whole.Until ? filter.Until.Value : whole.Until };
            counts.Add(part == whole ? whole : part with
            {
                Count = await db.RecordsOf(filter).Where(r => r.AdmittedAt >= part.From && r.AdmittedAt < part.Until && (prepaidOnly ? r.IsPrepaid && r.TotalCostNanoUsd != 0 : r.CorrectsId == null)).LongCountAsync(cancellationToken),
            });
        }
        return counts;
    }

    private static IQueryable<UsageRecord> RecordsOf(this HubDbContext db, RecordFilter filter) => db.UsageRecords.AsNoTracking()
        .Where(r => filter.UserId == null || r.UserId == filter.UserId)
        .Where(r => filter.ModelId == null || r.ModelId == filter.ModelId);

    private static DateTime? Later(DateTime? one, DateTime? other) => one is null || other > one ? other : one;
}

/// <summary>How many rows there are in a day or in the part of it that is asked for.</summary>
internal sealed record DayCount(DateTime From, DateTime Until, long Count)
{
    /// <summary>Where a page lies in days that are given newest first: the time that holds all of it, how many rows of that time come before it, and how many it has. Null: behind the last row.</summary>
    public static (DateTime From, DateTime Until, int Skip, long Count)? Locate(IReadOnlyList<DayCount> days, PageRequest page)
    {
        (DateTime From, DateTime Until, int Skip, long Count)? place = null;
        long before = 0;
        foreach (var day in days.Where(d => d.Count > 0))
        {
            if (place is null && before + day.Count > page.Offset)
            {
                place = (day.From, day.Until, (int)(page.Offset - before), 0);
            }
            before += day.Count;
            if (place is { } found)
            {
                place = (day.From, found.Until, found.Skip, found.Count + day.Count);
                if (before >= (long)page.Offset + page.Limit)
                {
                    break;
                }
            }
        }
        return place;
    }
}
