using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Pages of rows in the order of a time, then of the id. Where many rows are to be skipped, the time that the page begins with is looked up first, from the nearer end and by an
/// index alone; only rows of the very same time are then skipped one by one. The rows of a page are read, those before it are not.
/// </summary>
internal static class TimePages
{
    private const int FewToSkip = 200;

    /// <summary>The rows of a page, and how many there are in all.</summary>
    public static async Task<(List<T> Rows, long Total)> PageAsync<T>(
        this IQueryable<T> found, Expression<Func<T, DateTime>> time, Expression<Func<T, string>> id, PageRequest page, bool newestFirst, CancellationToken cancellationToken)
    {
        if (page.Offset > 0 || page.Limit == 0)
        {
            var total = await found.LongCountAsync(cancellationToken);
            return (await found.RowsAsync(time, id, page, total, newestFirst, cancellationToken), total);
        }
        var rows = await found.RowsAsync(time, id, page, total: 0, newestFirst, cancellationToken);
        return (rows, rows.Count < page.Limit ? rows.Count : await found.LongCountAsync(cancellationToken));
    }

    /// <summary>The rows of a page whose list is known to have so many.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this IQueryable<T> found, Expression<Func<T, DateTime>> time, Expression<Func<T, string>> id, PageRequest page, long total, bool newestFirst, CancellationToken cancellationToken)
    {
        var skip = page.Offset;
        if (skip > FewToSkip)
        {
            if (skip >= total)
            {
                return [];
            }
            var fromEnd = total - 1 - skip;
            var isNearEnd = fromEnd < skip;
            var first = await Sorted(found.Select(time), newestFirst != isNearEnd).Skip((int)(isNearEnd ? fromEnd : skip)).FirstOrDefaultAsync(cancellationToken);
            var before = isNearEnd
                ? total - await found.LongCountAsync(Compared(time, first, newestFirst ? ExpressionType.LessThanOrEqual : ExpressionType.GreaterThanOrEqual), cancellationToken)
                : await found.LongCountAsync(Compared(time, first, newestFirst ? ExpressionType.GreaterThan : ExpressionType.LessThan), cancellationToken);
            found = found.Where(Compared(time, first, newestFirst ? ExpressionType.LessThanOrEqual : ExpressionType.GreaterThanOrEqual));
            skip = (int)Math.Max(skip - before, 0);
        }
        var sorted = newestFirst ? found.OrderByDescending(time).ThenByDescending(id) : found.OrderBy(time).ThenBy(id);
        return await sorted.Skip(skip).Take(page.Limit).ToListAsync(cancellationToken);
    }

    private static IQueryable<DateTime> Sorted(IQueryable<DateTime> times, bool newestFirst) => newestFirst ? times.OrderByDescending(t => t) : times.OrderBy(t => t);

    // The time as a parameter of the command, so that its text stays the same.
    private static Expression<Func<T, bool>> Compared<T>(Expression<Func<T, DateTime>> time, DateTime with, ExpressionType comparison)
    {
        Expression<Func<DateTime>> value = () => with;
        return Expression.Lambda<Func<T, bool>>(Expression.MakeBinary(comparison, time.Body, value.Body), time.Parameters);
    }
}
