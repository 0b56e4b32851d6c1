using System.Linq.Expressions;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Pages of lists whose rows are counted by day (or hour), newest first, that cost the same on the first page and in the middle of ten million rows: the counts are the true total and tell in
/// which days a page lies, so that only rows of these days are looked at.
/// </summary>
internal static class DayPages
{
    /// <summary>The rows of a page, and how many there are in all.</summary>
    public static async Task<(List<T> Rows, long Total)> PageAsync<T>(
        this IQueryable<T> all, Expression<Func<T, DateTime>> time, Expression<Func<T, string>> id, IReadOnlyList<TimeCount> counts, PageRequest page, CancellationToken cancellationToken)
    {
        var total = counts.Sum(c => c.Count);
        if (TimeCount.Locate(counts, page) is not { } place)
        {
            return ([], total);
        }
        var first = new PageRequest(page.Limit, place.Skip);
        return (await all.RowsAsync(time, id, first, place.Count, newestFirst: true, cancellationToken, new TimeRange(place.From, place.Until)), total);
    }

    /// <summary>How many rows of a list there are, day by day, newest first, of those that <see cref="RowCount"/> counts.</summary>
    /// <param name="db">The database.</param>
    /// <param name="rows">The rows that match, of any time: counted where a range cuts a day.</param>
    /// <param name="time">The time of a row.</param>
    /// <param name="kind">The only kind to be counted; null: all.</param>
    /// <param name="detail">The only detail to be counted; null: all.</param>
    /// <param name="within">The times asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<List<TimeCount>> CountDaysAsync<T>(
        this HubDbContext db, IQueryable<T> rows, Expression<Func<T, DateTime>> time, string? kind, string? detail, TimeRange within, CancellationToken cancellationToken) where T : class, ICountedRow
    {
        var list = db.Model.FindEntityType(typeof(T))!.GetTableName();
        var days = await db.RowCounts.Where(c => c.List == list && (kind == null || c.Kind == kind) && (detail == null || c.Detail == detail))
            .Within(c => c.Day, TimeCount.DaysOf(within))
            .GroupBy(c => c.Day)
            .Select(g => new TimeSum { Start = g.Key, Count = g.Sum(c => c.Entries) })
            .OrderByDescending(d => d.Start)
            .ToListAsync(cancellationToken);
        return await TimeCount.CutAsync(days, TimeSpan.FromDays(1), within, part => rows.Within(time, part).LongCountAsync(cancellationToken));
    }
}

/// <summary>What is counted of a day or an hour.</summary>
internal sealed class TimeSum
{
    /// <summary>The start of the day or hour.</summary>
    public DateTime Start { get; init; }

    public long Count { get; init; }
}

/// <summary>How many rows there are in a time.</summary>
internal sealed record TimeCount(DateTime From, DateTime Until, long Count)
{
    /// <summary>The range that has every day whole which a range touches.</summary>
    public static TimeRange DaysOf(TimeRange within) => within with { From = within.From is { } from ? UtcTime.DayOf(from) : null };

    /// <summary>The counts of days or hours; what a range has only a part of is counted anew.</summary>
    /// <param name="sums">What is counted of each, newest first.</param>
    /// <param name="length">The length of each.</param>
    /// <param name="within">The times asked for.</param>
    /// <param name="countAsync">Counts the rows of a part.</param>
    public static async Task<List<TimeCount>> CutAsync(IReadOnlyList<TimeSum> sums, TimeSpan length, TimeRange within, Func<TimeRange, Task<long>> countAsync)
    {
        List<TimeCount> counts = new(sums.Count);
        foreach (var sum in sums)
        {
            var part = within.Cut(sum.Start, sum.Start + length);
            var isWhole = part.From == sum.Start && part.Until == sum.Start + length;
            counts.Add(new TimeCount(part.From!.Value, part.Until!.Value, isWhole ? sum.Count : await countAsync(part)));
        }
        return counts;
    }

    /// <summary>Where a page lies in times that are given newest first: the time that holds all of it, how many rows of that time come before it, and how many it has. Null: behind the last row.</summary>
    public static (DateTime From, DateTime Until, int Skip, long Count)? Locate(IReadOnlyList<TimeCount> counts, PageRequest page)
    {
        (DateTime From, DateTime Until, int Skip, long Count)? place = null;
        long before = 0;
        foreach (var time in counts.Where(c => c.Count > 0))
        {
            if (place is null && before + time.Count > page.Offset)
            {
                place = (time.From, time.Until, (int)(page.Offset - before), 0);
            }
            before += time.Count;
            if (place is { } found)
            {
                place = (time.From, found.Until, found.Skip, found.Count + time.Count);
                if (before >= (long)page.Offset + page.Limit)
                {
                    break;
                }
            }
        }
        return place;
    }
}
