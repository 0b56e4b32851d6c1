using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Billing;

/// <summary>Balance and transactions: the own ones, and everybody's for staff.</summary>
internal static class BillingEndpoints
{
    private const long HighestDepositUsd = 10_000;
    private const long HighestUsd = 1_000_000;

    public static void MapBilling(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("").RequireAuthorization(AccessPolicies.SignedIn);
        own.MapGet("/balance", GetBalanceAsync);
        own.MapGet("/transactions", ListOwnAsync);
        own.MapGet("/transactions/{id}", GetAsync);
        own.MapPost("/transactions/deposit", DepositAsync);
        routes.MapGet("/admin/transactions", ListAsync).RequireAuthorization(AccessPolicies.Staff);
        routes.MapPost("/admin/users/{user_id}/transactions", CreateAsync).RequireAuthorization(AccessPolicies.Admin);
        routes
            .MapMethods("/admin/transactions/{id}", [HttpMethods.Put, HttpMethods.Patch], EndAsync)
            .RequireAuthorization(AccessPolicies.Admin);
    }

    private static async Task<Results<Reply<BalanceResponse>, ApiError>> GetBalanceAsync(
        Caller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.UserViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.User.Id == caller.UserId, cancellationToken) is { } view
            ? Reply.Ok(BalanceResponse.From(view))
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<TransactionListResponse>, ApiError>> ListOwnAsync(
        Caller caller,
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page();
        var filter = ReadFilter(query, caller.UserId);
        if (query.Error is { } error)
        {
            return error;
        }
        var (rows, total) = await db.FindTransactionsAsync(filter, page, cancellationToken);
        var shown = page.Of(total, rows.Count);
        return Reply.Ok(new TransactionListResponse(rows, shown.TotalCount, shown.Limit, shown.Offset, shown.HasMore));
    }

    private static async Task<Results<Reply<TransactionResponse>, ApiError>> GetAsync(
        string id,
        Caller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.FindTransactionAsync(id, cancellationToken) is { } row && (row.UserId == caller.UserId || caller.IsStaff)
            ? Reply.Ok(row)
            : ApiError.NotFound("Transaction not found");

    private static async Task<Results<Reply<TransactionResponse>, ApiError>> DepositAsync(
        Caller caller,
        JsonBody body,
        TransactionDirectory transactions,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var amount = members.RequiredAmount("amount", Money.FromUsd(0.01m), HighestDepositUsd);
        var description = members.NullableText("description", 255).Value;
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await transactions.AnnounceAsync(caller.UserId, amount, description, actor, cancellationToken);
        return refusal is null ? Reply.Created((await db.FindTransactionAsync(id!, cancellationToken))!) : refusal;
    }

    private static async Task<Results<Reply<IReadOnlyList<TransactionResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page();
        var filter = ReadFilter(query, query.Text("user_id"));
        if (query.Error is { } error)
        {
            return error;
        }
        var (rows, total) = await db.FindTransactionsAsync(filter, page, cancellationToken);
        return Reply.List("Transactions retrieved successfully", "transactions", rows, total, page);
    }

    private static async Task<Results<Reply<TransactionResponse>, ApiError>> CreateAsync(
        string user_id,
        JsonBody body,
        TransactionDirectory transactions,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var type = members.RequiredOneOf("type", TransactionTypes.All);
        var amount = members.RequiredAmount("amount", Money.FromNanoUsd(1), HighestUsd);
        var wish = new NewTransaction(
            type,
            amount,
            members.NullableText("description", 1_000).Value,
            members.OneOf("status", [TransactionStatuses.Completed, TransactionStatuses.Pending]).Or(TransactionStatuses.Completed),
            members.NullableText("payment_provider", 50).Value,
            members.NullableText("payment_id", 255).Value
        );
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await transactions.CreateAsync(user_id, wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated(
                "Transaction created successfully",
                (await db.FindTransactionAsync(id!, cancellationToken))!,
                "transaction"
            )
            : refusal;
    }

    private static async Task<Results<Reply<TransactionResponse>, ApiError>> EndAsync(
        string id,
        JsonBody body,
        TransactionDirectory transactions,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var status = members.OneOf("status", [TransactionStatuses.Completed, TransactionStatuses.Failed, TransactionStatuses.Cancelled]);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await transactions.EndAsync(id, status.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Transaction updated successfully", (await db.FindTransactionAsync(id, cancellationToken))!, "transaction");
    }

    private static TransactionFilter ReadFilter(QueryReader query, string? userId) =>
        new(
            userId,
            query.OneOf("type", TransactionTypes.All),
            query.OneOf("status", TransactionStatuses.All),
            query.From("from"),
            query.Until("to")
        );
}
