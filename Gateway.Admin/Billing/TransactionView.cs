using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Billing;

/// <summary>Which transactions are wanted; null: all.</summary>
internal sealed record TransactionFilter(string? UserId, string? Type, string? Status, DateTime? From, DateTime? Until);

/// <summary>A transaction of either kind: a row of what people moved, or a prepaid call of the ledger, which is a usage transaction of its own.</summary>
internal sealed class TransactionView
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string Type { get; init; }

    public long AmountNanoUsd { get; init; }

    public required string Status { get; init; }

    public string? Description { get; init; }

    public long? BalanceAfterNanoUsd { get; init; }

    public string? PaymentProvider { get; init; }

    public string? PaymentId { get; init; }

    public string? RequestId { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? CompletedAt { get; init; }
}

internal static class TransactionQueries
{
    /// <summary>Transactions that match, newest first, and how many there are.</summary>
    public static async Task<(List<TransactionResponse> Rows, long Total)> FindTransactionsAsync(
        this HubDbContext db, TransactionFilter filter, Conventions.PageRequest page, CancellationToken cancellationToken)
    {
        var found = db.TransactionsOf(filter);
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await found.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken);
        return (rows.ConvertAll(TransactionResponse.From), total);
    }

    /// <summary>One transaction, or null.</summary>
    public static async Task<TransactionResponse?> FindTransactionAsync(this HubDbContext db, string id, CancellationToken cancellationToken) =>
        await db.TransactionsOf(new TransactionFilter(null, null, null, null, null)).FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is { } row ? TransactionResponse.From(row) : null;

    private static IQueryable<TransactionView> TransactionsOf(this HubDbContext db, TransactionFilter filter)
    {
        var (userId, type, status, from, until) = filter;
        var moved = db.Transactions.AsNoTracking()
            .Where(t => userId == null || t.UserId == userId)
            .Where(t => type == null || t.Type == type)
            .Where(t => status == null || t.Status == status)
            .Where(t => from == null || t.CreatedAt >= from)
            .Where(t => until == null || t.CreatedAt < until)
            .Select(t => new TransactionView
            {
                Id = t.Id, UserId = t.UserId, Type = t.Type, AmountNanoUsd = t.AmountNanoUsd, Status = t.Status, Description = t.Description, BalanceAfterNanoUsd = t.BalanceAfterNanoUsd,
                PaymentProvider = t.PaymentProvider, PaymentId = t.PaymentId, RequestId = null, CreatedAt = t.CreatedAt, CompletedAt = t.CompletedAt,
            });
        if ((type ?? TransactionTypes.Usage) != TransactionTypes.Usage || (status ?? TransactionStatuses.Completed) != TransactionStatuses.Completed)
        {
            return moved;
        }
        var calls = db.UsageRecords.AsNoTracking()
            .Where(r => r.IsPrepaid && r.TotalCostNanoUsd > 0)
            .Where(r => userId == null || r.UserId == userId)
            .Where(r => from == null || r.AdmittedAt >= from)
            .Where(r => until == null || r.AdmittedAt < until)
            .Select(r => new TransactionView
            {
                Id = r.Id, UserId = r.UserId, Type = TransactionTypes.Usage, AmountNanoUsd = r.TotalCostNanoUsd, Status = TransactionStatuses.Completed, Description = r.ModelName,
                BalanceAfterNanoUsd = null, PaymentProvider = null, PaymentId = null, RequestId = r.Id, CreatedAt = r.AdmittedAt, CompletedAt = r.EndedAt,
            });
        return moved.Concat(calls);
    }
}

/// <summary>Transaction, as it is shown: the amount is always positive; deposits and refunds add, usage takes.</summary>
internal sealed record TransactionResponse(
    string Id, string UserId, string Type, decimal Amount, string Status, string? Description, decimal? BalanceAfter, string? PaymentProvider, string? PaymentId, string? RequestId,
    DateTime CreatedAt, DateTime? CompletedAt)
{
    public static TransactionResponse From(TransactionView row) => new(
        row.Id, row.UserId, row.Type, Money.FromNanoUsd(row.AmountNanoUsd).ToUsd(), row.Status, row.Description,
        row.BalanceAfterNanoUsd is { } after ? Money.FromNanoUsd(after).ToUsd() : null, row.PaymentProvider, row.PaymentId, row.RequestId, row.CreatedAt, row.CompletedAt);
}
