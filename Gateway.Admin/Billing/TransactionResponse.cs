using Gateway.Admin.Replies;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Billing;

/// <summary>Transaction, as it is shown: the amount is always positive; deposits and refunds add, usage takes.</summary>
[Alias("transaction", "transactions")]
internal sealed record TransactionResponse(
    string Id,
    string UserId,
    string Type,
    decimal Amount,
    string Status,
    string? Description,
    decimal? BalanceAfter,
    string? PaymentProvider,
    string? PaymentId,
    string? RequestId,
    DateTime CreatedAt,
    DateTime? CompletedAt
)
{
    public static TransactionResponse From(TransactionView row) =>
        new(
            row.Id,
            row.UserId,
            row.Type,
            Money.UsdOf(row.AmountNanoUsd),
            row.Status,
            row.Description,
            row.BalanceAfterNanoUsd is { } after ? Money.UsdOf(after) : null,
            row.PaymentProvider,
            row.PaymentId,
            row.RequestId,
            row.CreatedAt,
            row.CompletedAt
        );
}
