using System.Linq.Expressions;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Pages of lists whose rows are counted by day (or hour), newest first, that cost the same on the first page and in the middle of ten
/// million rows: the counts are the true total and tell in which days a page lies, so that only rows of these days are looked at.
/// </summary>
internal static class DayPages
{
    /// <summary>The rows of a page, and how many there are in all.</summary>
    public static async Task<(List<T> Rows, long Total)> PageAsync<T>(
        this IQueryable<T> all,
        Expression<Func<T, DateTime>> time,
        Expression<Func<T, string>> id,
        IReadOnlyList<TimeCount> counts,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var total = counts.Sum(c => c.Count);
        if (TimeCount.Locate(counts, page) is not { } place)
        {
            return ([], total);
        }
        var first = new PageRequest(page.Limit, place.Skip);
        return (
            await all.RowsAsync(time, id, first, place.Count, newestFirst: true, cancellationToken, new TimeRange(place.From, place.Until)),
            total
        );
    }

    /// <summary>How many rows of a list there are in all, of those that <see cref="RowCount"/> counts.</summary>
    /// <param name="db">The database.</param>
    /// <param name="kind">The only kind to be counted; null: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<long> CountRowsAsync<T>(this HubDbContext db, string? kind, CancellationToken cancellationToken)
        where T : class, ICountedRow => db.CountsOf<T>(kind, detail: null).SumAsync(c => c.Entries, cancellationToken);

    /// <summary>How many rows of a list there are, day by day, newest first, of those that <see cref="RowCount"/> counts.</summary>
    /// <param name="db">The database.</param>
    /// <param name="rows">The rows that match, of any time: counted where a range cuts a day.</param>
    /// <param name="time">The time of a row.</param>
    /// <param name="kind">The only kind to be counted; null: all.</param>
    /// <param name="detail">The only detail to be counted; null: all.</param>
    /// <param name="within">The times asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<List<TimeCount>> CountDaysAsync<T>(
        this HubDbContext db,
        IQueryable<T> rows,
        Expression<Func<T, DateTime>> time,
        string? kind,
        string? detail,
        TimeRange within,
        CancellationToken cancellationToken
    )
        where T : class, ICountedRow
    {
        var days = await db.CountsOf<T>(kind, detail)
            .Within(c => c.Day, TimeCount.DaysOf(within))
            .GroupBy(c => c.Day)
            .Select(g => new TimeSum { Start = g.Key, Count = g.Sum(c => c.Entries) })
            .OrderByDescending(d => d.Start)
            .ToListAsync(cancellationToken);
        return await TimeCount.CutAsync(
            days,
            TimeSpan.FromDays(1),
            within,
            part => rows.Within(time, part).LongCountAsync(cancellationToken)
        );
    }

    private static IQueryable<RowCount> CountsOf<T>(this HubDbContext db, string? kind, string? detail)
        where T : class, ICountedRow
    {
        var list = db.Model.FindEntityType(typeof(T))!.GetTableName();
        return db.RowCounts.Where(c => c.List == list && (kind == null || c.Kind == kind) && (detail == null || c.Detail == detail));
    }
}
