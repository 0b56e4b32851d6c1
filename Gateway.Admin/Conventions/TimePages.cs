using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Pages of rows in the order of a time, then of the id. Where many rows are to be skipped, the time that the page begins with is looked up
/// first, from the nearer end and by an index alone; only where rows before the page have the very same time, these are then skipped one by
/// one. The rows of a page are read, those before it are not.
/// </summary>
internal static class TimePages
{
    private const int FewToSkip = 200;

    /// <summary>The rows of a range of time.</summary>
    public static IQueryable<T> Within<T>(this IQueryable<T> all, Expression<Func<T, DateTime>> time, TimeRange span)
    {
        var found = span.From is { } from ? all.Where(Compared(time, from, ExpressionType.GreaterThanOrEqual)) : all;
        return span.Until is { } until ? found.Where(Compared(time, until, ExpressionType.LessThan)) : found;
    }

    /// <summary>The rows of a page, and how many there are in all.</summary>
    public static async Task<(List<T> Rows, long Total)> PageAsync<T>(
        this IQueryable<T> all,
        Expression<Func<T, DateTime>> time,
        Expression<Func<T, string>> id,
        PageRequest page,
        bool newestFirst,
        CancellationToken cancellationToken,
        TimeRange within = default
    )
    {
        if (page.Offset > 0 || page.Limit == 0)
        {
            var total = await all.Within(time, within).LongCountAsync(cancellationToken);
            return (await all.RowsAsync(time, id, page, total, newestFirst, cancellationToken, within), total);
        }
        var rows = await all.RowsAsync(time, id, page, total: 0, newestFirst, cancellationToken, within);
        return (rows, rows.Count < page.Limit ? rows.Count : await all.Within(time, within).LongCountAsync(cancellationToken));
    }

    /// <summary>The rows of a page whose list is known to have so many.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this IQueryable<T> all,
        Expression<Func<T, DateTime>> time,
        Expression<Func<T, string>> id,
        PageRequest page,
        long total,
        bool newestFirst,
        CancellationToken cancellationToken,
        TimeRange within = default
    )
    {
        var found = all.Within(time, within);
        var skip = page.Offset;
        if (skip > FewToSkip)
        {
            if (skip >= total)
            {
                return [];
            }
            var fromEnd = total - 1 - skip;
            var isNearEnd = fromEnd < skip;
            // The row that the page begins with and the one before it.
            var around = await Sorted(found.Select(time), newestFirst != isNearEnd)
                .Skip((int)(isNearEnd ? fromEnd : skip - 1))
                .Take(2)
                .ToListAsync(cancellationToken);
            if (around.Count == 0)
            {
                return []; // deleted meanwhile
            }
            var first = around[isNearEnd ? 0 : ^1];
            // One bound at each end: of two the planner may take the wider, and read all between them.
            var fromFirst = newestFirst
                ? all.Within(time, within with { Until = null }).Where(Compared(time, first, ExpressionType.LessThanOrEqual))
                : all.Within(time, within with { From = null }).Where(Compared(time, first, ExpressionType.GreaterThanOrEqual));
            var before = (long)skip;
            if (around[0] == around[^1])
            {
                var beforeFirst = newestFirst
                    ? all.Within(time, within with { From = null }).Where(Compared(time, first, ExpressionType.GreaterThan))
                    : all.Within(time, within with { Until = null }).Where(Compared(time, first, ExpressionType.LessThan));
                before = isNearEnd
                    ? total - await fromFirst.LongCountAsync(cancellationToken)
                    : await beforeFirst.LongCountAsync(cancellationToken);
            }
            found = fromFirst;
            skip = (int)Math.Max(skip - before, 0);
        }
        var sorted = newestFirst ? found.OrderByDescending(time).ThenByDescending(id) : found.OrderBy(time).ThenBy(id);
        return await sorted.Skip(skip).Take(page.Limit).ToListAsync(cancellationToken);
    }

    private static IQueryable<DateTime> Sorted(IQueryable<DateTime> times, bool newestFirst) =>
        newestFirst ? times.OrderByDescending(t => t) : times.OrderBy(t => t);

    // The time as a parameter of the command, so that its text stays the same.
    private static Expression<Func<T, bool>> Compared<T>(Expression<Func<T, DateTime>> time, DateTime with, ExpressionType comparison)
    {
        Expression<Func<DateTime>> value = () => with;
        return Expression.Lambda<Func<T, bool>>(Expression.MakeBinary(comparison, time.Body, value.Body), time.Parameters);
    }
}
