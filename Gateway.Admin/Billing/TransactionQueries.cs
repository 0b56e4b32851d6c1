using Gateway.Admin.Conventions;
using Gateway.Admin.Replies;
using Gateway.Admin.Usage;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Billing;

internal static class TransactionQueries
{
    /// <summary>Transactions that match, newest first, and how many there are.</summary>
    public static async Task<(List<TransactionResponse> Rows, long Total)> FindTransactionsAsync(
        this HubDbContext db,
        TransactionFilter filter,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var within = new TimeRange(filter.From, filter.Until);
        var moved = db.MovedOf(filter);
        // Payments of one user are few enough to be counted.
        var movedDays = filter.UserId is null
            ? await db.CountDaysAsync(moved, t => t.CreatedAt, filter.Type, filter.Status, within, cancellationToken)
            : null;
        var movedCount = movedDays?.Sum(d => d.Count) ?? await moved.Within(t => t.CreatedAt, within).LongCountAsync(cancellationToken);
        var callDays = filter.IncludesCalls
            ? await db.CountDaysAsync(
                new RecordFilter(filter.UserId, null, filter.From, filter.Until),
                prepaidOnly: true,
                cancellationToken
            )
            : [];
        var callCount = callDays.Sum(d => d.Count);
        if (callCount == 0)
        {
            var payments = movedDays is null
                ? await moved.RowsAsync(t => t.CreatedAt, t => t.Id, page, movedCount, newestFirst: true, cancellationToken, within)
                : (await moved.PageAsync(t => t.CreatedAt, t => t.Id, movedDays, page, cancellationToken)).Rows;
            return (payments.ConvertAll(t => TransactionResponse.From(TransactionView.From(t))), movedCount);
        }
        var total = movedCount + callCount;
        if (page.Offset >= total)
        {
            return ([], total);
        }
        var calls = db.CallsOf(filter);
        var (before, skip) = await new TransactionPages(db, filter, moved, movedDays, calls, callDays).LocateAsync(
            page.Offset,
            cancellationToken
        );
        // Each list in its own order by its own index; a database that is asked for both in one sorts them whole.
        var ending = within.Cut(null, before);
        var rows = await Newest(Shown(moved.Within(t => t.CreatedAt, ending)), skip + page.Limit).ToListAsync(cancellationToken);
        rows.AddRange(await Newest(Shown(db, calls.Within(r => r.AdmittedAt, ending)), skip + page.Limit).ToListAsync(cancellationToken));
        rows =
        [
            .. rows.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id, StringComparer.Ordinal).Skip(skip).Take(page.Limit),
        ];
        return (rows.ConvertAll(TransactionResponse.From), total);
    }

    /// <summary>One transaction, or null.</summary>
    public static async Task<TransactionResponse?> FindTransactionAsync(
        this HubDbContext db,
        string id,
        CancellationToken cancellationToken
    ) =>
        (
            await Shown(db.Transactions.AsNoTracking().Where(t => t.Id == id)).FirstOrDefaultAsync(cancellationToken)
            ?? await Shown(db, db.LedgerEntries.Where(r => r.Id == id && r.IsPrepaid && r.TotalCostNanoUsd != 0))
                .FirstOrDefaultAsync(cancellationToken)
        )
            is { } row
            ? TransactionResponse.From(row)
            : null;

    // The payments that match, of any time.
    private static IQueryable<TransactionRow> MovedOf(this HubDbContext db, TransactionFilter filter) =>
        db
            .Transactions.AsNoTracking()
            .Where(t => filter.UserId == null || t.UserId == filter.UserId)
            .Where(t => filter.Type == null || t.Type == filter.Type)
            .Where(t => filter.Status == null || t.Status == filter.Status);

    // The prepaid calls that match, of any time.
    private static IQueryable<LedgerEntry> CallsOf(this HubDbContext db, TransactionFilter filter) =>
        db.EntriesOf(new RecordFilter(filter.UserId, null, null, null)).Where(e => e.IsPrepaid && e.TotalCostNanoUsd != 0);

    private static IQueryable<TransactionView> Newest(IQueryable<TransactionView> shown, int count) =>
        shown.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id).Take(count);

    private static IQueryable<TransactionView> Shown(IQueryable<TransactionRow> rows) => rows.Select(TransactionView.OfRow);

    private static IQueryable<TransactionView> Shown(HubDbContext db, IQueryable<LedgerEntry> calls) =>
        db.RecordsOf(calls)
            .Select(r => new TransactionView
            {
                Id = r.Id,
                UserId = r.UserId,
                Type = TransactionTypes.Usage,
                AmountNanoUsd = r.TotalCostNanoUsd,
                Status = TransactionStatuses.Completed,
                Description = r.ModelName,
                BalanceAfterNanoUsd = null,
                PaymentProvider = null,
                PaymentId = null,
                RequestId = r.Id,
                CreatedAt = r.AdmittedAt,
                CompletedAt = r.EndedAt,
            });
}
