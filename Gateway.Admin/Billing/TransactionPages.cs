using Gateway.Admin.Conventions;
using Gateway.Admin.Usage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Billing;

/// <summary>
/// Where a page of transactions begins. They are two lists in one, payments and prepaid calls, so no index holds their order: the time is halved until few rows are left to be
/// skipped, and only the half is counted, from indexes.
/// </summary>
internal static class TransactionPages
{
    private const int FewToSkip = 1_000;   // reading so many costs less than the commands that would narrow further

    /// <summary>The moment before which a page's rows lie (null: any), and how many rows before that moment come first.</summary>
    /// <param name="moved">The payments, of any time; null: there are none.</param>
    /// <param name="calls">The prepaid calls, of any time.</param>
    /// <param name="within">The times asked for.</param>
    /// <param name="days">How many calls there are a day in these times, newest first.</param>
    /// <param name="offset">How many rows come before the page.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(DateTime? Before, int Skip)> LocateAsync(
        IQueryable<TransactionRow>? moved, IQueryable<UsageRecord> calls, TimeRange within, IReadOnlyList<DayCount> days, int offset, DateTime now, CancellationToken cancellationToken)
    {
        (DateTime? Before, long Skip) place = (null, offset);
        if (offset > FewToSkip)
        {
            place = await NarrowAsync([.. days.Select(d => d.From)], place, async (from, until) =>
                await MovedAsync(from, until) + days.Where(d => d.From >= from && (until == null || d.From < until)).Sum(d => d.Count));
        }
        if (place.Skip > FewToSkip)
        {
            var newest = place.Before ?? within.Until ?? now.AddMinutes(1);
            place = await NarrowAsync([.. Enumerable.Range(1, 24 * 60).Select(minutes => newest.AddMinutes(-minutes))], place, async (from, until) =>
                await MovedAsync(from, until) + await calls.Within(r => r.AdmittedAt, within.Cut(from, until)).LongCountAsync(cancellationToken));
        }
        return (place.Before, (int)place.Skip);

        Task<long> MovedAsync(DateTime from, DateTime? until) => moved?.Within(t => t.CreatedAt, within.Cut(from, until)).LongCountAsync(cancellationToken) ?? Task.FromResult(0L);
    }

    // The oldest of the edges, which are newest first, that has no more rows behind it than are to be skipped.
    private static async Task<(DateTime? Before, long Skip)> NarrowAsync(IReadOnlyList<DateTime> edges, (DateTime? Before, long Skip) place, Func<DateTime, DateTime?, Task<long>> countAsync)
    {
        var (low, high) = (0, edges.Count);
        while (low < high && place.Skip > FewToSkip)
        {
            var middle = (low + high) / 2;
            var between = await countAsync(edges[middle], place.Before);
            if (between <= place.Skip)
            {
                place = (edges[middle], place.Skip - between);
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return place;
    }
}
