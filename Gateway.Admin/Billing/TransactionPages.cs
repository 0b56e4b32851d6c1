using Gateway.Admin.Conventions;
using Gateway.Admin.Usage;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Billing;

/// <summary>
/// Where a page of transactions begins. They are two lists in one, payments and prepaid calls, so no index holds their order: a time is
/// looked for before which few rows are left to be skipped, by day, by hour and by minute. What is known of days and hours is added up
/// here; the rest is counted from indexes, halving the time.
/// </summary>
/// <param name="db">The database.</param>
/// <param name="filter">Which transactions.</param>
/// <param name="moved">The payments that match, of any time.</param>
/// <param name="movedDays">How many payments there are a day, newest first; null: they are counted.</param>
/// <param name="calls">The prepaid calls that match, of any time.</param>
/// <param name="callDays">How many calls there are a day, newest first.</param>
internal sealed class TransactionPages(
    HubDbContext db,
    TransactionFilter filter,
    IQueryable<TransactionRow> moved,
    IReadOnlyList<TimeCount>? movedDays,
    IQueryable<LedgerEntry> calls,
    IReadOnlyList<TimeCount> callDays
)
{
    private const int FewToSkip = 250; // reading so many costs less than the commands that would narrow further

    private readonly TimeRange _within = new(filter.From, filter.Until);

    /// <summary>The moment before which a page's rows lie (null: any), and how many rows before that moment come first.</summary>
    public async Task<(DateTime? Before, int Skip)> LocateAsync(int offset, CancellationToken cancellationToken)
    {
        (DateTime? Before, long Skip) place = (null, offset);
        if (offset > FewToSkip)
        {
            var edges = callDays.Concat(movedDays ?? []).Select(d => d.From).Distinct().OrderDescending().ToList();
            place = await NarrowAsync(
                edges,
                place,
                async (from, until) =>
                    Between(callDays, from, until)
                    + (movedDays is null ? await MovedAsync(from, until, cancellationToken) : Between(movedDays, from, until))
            );
        }
        if (place.Skip > FewToSkip && callDays.FirstOrDefault(d => place.Before is null || d.From < place.Before) is { } day)
        {
            var hours = await db.CountPrepaidHoursAsync(filter.UserId, day, cancellationToken);
            place = await NarrowAsync(
                hours.ConvertAll(h => h.From),
                place,
                async (from, until) => Between(hours, from, until) + await MovedAsync(from, until, cancellationToken)
            );
            var last = hours.FirstOrDefault(h => place.Before is null || h.From < place.Before)?.Until ?? day.Until;
            place = await NarrowAsync(
                [.. Enumerable.Range(1, 59).Select(minutes => last.AddMinutes(-minutes))],
                place,
                async (from, until) =>
                    await MovedAsync(from, until, cancellationToken)
                    + await calls.Within(r => r.AdmittedAt, _within.Cut(from, until)).LongCountAsync(cancellationToken)
            );
        }
        return (place.Before, (int)place.Skip);
    }

    private Task<long> MovedAsync(DateTime from, DateTime? until, CancellationToken cancellationToken) =>
        moved.Within(t => t.CreatedAt, _within.Cut(from, until)).LongCountAsync(cancellationToken);

    private static long Between(IReadOnlyList<TimeCount> counts, DateTime from, DateTime? until) =>
        counts.Where(c => c.From >= from && (until is null || c.From < until)).Sum(c => c.Count);

    // The oldest of the edges, which are newest first, that has no more rows after it than are to be skipped.
    private static async Task<(DateTime? Before, long Skip)> NarrowAsync(
        IReadOnlyList<DateTime> edges,
        (DateTime? Before, long Skip) place,
        Func<DateTime, DateTime?, Task<long>> countAsync
    )
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
