using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Billing;

/// <summary>
/// Writes what people pay in, get back or are charged by hand. Balance is changed only with a row that says why, in the same
/// change; a row never changes but from pending to its end.
/// </summary>
internal sealed class TransactionDirectory(ChangeWriter changes)
{
    private const int MostPending = 10;

    private static readonly ApiError NotFound = ApiError.NotFound("Transaction not found");

    /// <summary>A deposit that a user announces; an admin completes it.</summary>
    public async Task<(string? Id, ApiError? Refusal)> AnnounceAsync(
        string userId,
        Money amount,
        string? description,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (!await LockUserAsync(change, userId, cancellationToken))
        {
            return (null, ApiError.UserNotFound);
        }
        if (
            await change.Db.Transactions.CountAsync(t => t.UserId == userId && t.Status == TransactionStatuses.Pending, cancellationToken)
            >= MostPending
        )
        {
            return (null, ApiError.Conflict($"{MostPending} deposits are pending already"));
        }
        var deposit = new NewTransaction
        {
            Type = TransactionTypes.Deposit,
            Amount = amount,
            Description = description,
            Status = new(true, TransactionStatuses.Pending),
            PaymentProvider = "manual",
        };
        var row = NewRow(userId, deposit, change.Now);
        change.Db.Transactions.Add(row);
        change.Audit("transaction.created", ChangedEntities.Transaction, row.Id, row);
        await change.CommitAsync(cancellationToken);
        return (row.Id, null);
    }

    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(
        string userId,
        NewTransaction wish,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (!await LockUserAsync(change, userId, cancellationToken))
        {
            return (null, ApiError.UserNotFound);
        }
        var row = NewRow(userId, wish, change.Now);
        try
        {
            if (await AddAsync(change, row, cancellationToken) is { } refusal)
            {
                return (null, refusal);
            }
            await change.CommitAsync(cancellationToken);
            return (row.Id, null);
        }
        catch (DbUpdateException fault) when (changes.IsUniqueViolation(fault))
        {
            return (null, ApiError.Conflict("A transaction with this payment id exists already"));
        }
    }

    /// <summary>Ends a pending transaction; completing it moves the money, once.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> EndAsync(string id, string status, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        // The first statement locks the row: of two admins who end it at once, one finds it ended.
        var taken = await change
            .Db.Transactions.Where(t => t.Id == id && t.Status == TransactionStatuses.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.Status, TransactionStatuses.Pending), cancellationToken);
        if (await change.Db.Transactions.FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is not { } row)
        {
            return NotFound;
        }
        if (taken == 0)
        {
            return ApiError.Conflict($"The transaction is {row.Status} already");
        }
        row.Status = status;
        row.CompletedAt = change.Now;
        if (status == TransactionStatuses.Completed && await ApplyAsync(change, row, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        change.Audit("transaction.updated", ChangedEntities.Transaction, row.Id, row);
        await change.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Adds a row to a change and moves its money when it is completed.</summary>
    /// <returns>402 when the balance does not cover it.</returns>
    public static async Task<ApiError?> AddAsync(Change change, TransactionRow row, CancellationToken cancellationToken)
    {
        change.Db.Transactions.Add(row);
        if (row.Status == TransactionStatuses.Completed && await ApplyAsync(change, row, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        change.Audit("transaction.created", ChangedEntities.Transaction, row.Id, row);
        return null;
    }

    public static TransactionRow NewRow(string userId, NewTransaction wish, DateTime now)
    {
        var status = wish.Status.Or(TransactionStatuses.Completed);
        return new TransactionRow
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            Type = wish.Type,
            AmountNanoUsd = wish.Amount.NanoUsd,
            Status = status,
            Description = wish.Description,
            PaymentProvider = wish.PaymentProvider,
            PaymentId = wish.PaymentId,
            CreatedAt = now,
            CompletedAt = status == TransactionStatuses.Completed ? now : null,
        };
    }

    private static async Task<ApiError?> ApplyAsync(Change change, TransactionRow row, CancellationToken cancellationToken)
    {
        var amount = Money.FromNanoUsd(row.AmountNanoUsd);
        var (balance, spent) = row.Type switch
        {
            TransactionTypes.Usage => (-amount, amount),
            TransactionTypes.Refund => (amount, -amount),
            _ => (amount, Money.Zero),
        };
        if (await AccountMoney.MoveAsync(change, row.UserId, balance, spent, cancellationToken) is not { } after)
        {
            return ApiError.InsufficientBalance;
        }
        row.BalanceAfterNanoUsd = after.NanoUsd;
        return null;
    }

    private static async Task<bool> LockUserAsync(Change change, string userId, CancellationToken cancellationToken) =>
        await change
            .Db.Users.Where(u => u.Id == userId && u.DeletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), cancellationToken) == 1;
}
