using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Billing;

/// <summary>Balance and transactions: the own ones, and everybody's for staff.</summary>
internal static class BillingEndpoints
{
    public static void MapBilling(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("").RequireAuthorization(AccessPolicies.SignedIn);
        own.MapGet("/balance", GetBalanceAsync).Says("Show the own balance", "In USD.");
        own.MapGet("/transactions", ListOwnAsync).Says("List the own transactions", "Newest first.");
        own.MapGet("/transactions/{id}", GetAsync).Says("Show a transaction", "One of the own; staff may see any.");
        own.MapPost("/transactions/deposit", DepositAsync)
            .Says("Announce a deposit", "Makes a pending transaction. The balance changes when an admin completes it.");
        routes
            .MapGet("/admin/transactions", ListAsync)
            .RequireAuthorization(AccessPolicies.Staff)
            .Says("List transactions", "Of all users, newest first.");
        routes
            .MapPost("/admin/users/{user_id}/transactions", CreateAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("Book a transaction", "A deposit or refund adds to the balance, usage takes from it.")
            .Refuses(402);
        routes
            .MapMethods("/admin/transactions/{id}", [HttpMethods.Put, HttpMethods.Patch], EndAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("End a pending transaction", "Completing it moves the money, once.");
    }

    private static async Task<Results<Reply<BalanceResponse>, ApiError>> GetBalanceAsync(
        SignedInCaller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.UserViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.User.Id == caller.UserId, cancellationToken) is { } view
            ? Reply.Ok(BalanceResponse.From(view))
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<TransactionListResponse>, ApiError>> ListOwnAsync(
        SignedInCaller caller,
        Query<TransactionQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (page, filter) = (query.Value.Page, FilterOf(query.Value, caller.UserId));
        var (rows, total) = await db.FindTransactionsAsync(filter, page, cancellationToken);
        var shown = page.Of(total, rows.Count);
        return Reply.Ok(new TransactionListResponse(rows, shown.TotalCount, shown.Limit, shown.Offset, shown.HasMore));
    }

    private static async Task<Results<Reply<TransactionResponse>, ApiError>> GetAsync(
        string id,
        SignedInCaller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.FindTransactionAsync(id, cancellationToken) is { } row && (row.UserId == caller.UserId || caller.IsStaff)
            ? Reply.Ok(row)
            : ApiError.NotFound("Transaction not found");

    private static async Task<Results<CreatedReply<TransactionResponse>, ApiError>> DepositAsync(
        SignedInCaller caller,
        Body<Deposit> deposit,
        TransactionDirectory transactions,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (amount, description) = (deposit.Value.Amount, deposit.Value.Description);
        var (id, refusal) = await transactions.AnnounceAsync(caller.UserId, amount, description, actor, cancellationToken);
        return refusal is null ? Reply.Created((await db.FindTransactionAsync(id!, cancellationToken))!) : refusal;
    }

    private static async Task<Results<ListEnvelope<TransactionResponse>, ApiError>> ListAsync(
        Query<AdminTransactionQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (page, filter) = (query.Value.Page, FilterOf(query.Value, query.Value.UserId));
        var (rows, total) = await db.FindTransactionsAsync(filter, page, cancellationToken);
        return Reply.List("Transactions retrieved successfully", rows, total, page);
    }

    private static async Task<Results<CreatedEnvelope<TransactionResponse>, ApiError>> CreateAsync(
        string user_id,
        Body<NewTransaction> transaction,
        TransactionDirectory transactions,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await transactions.CreateAsync(user_id, transaction.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Transaction created successfully", (await db.FindTransactionAsync(id!, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<TransactionResponse>, ApiError>> EndAsync(
        string id,
        Body<TransactionEnd> end,
        TransactionDirectory transactions,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await transactions.EndAsync(id, end.Value.Status.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Transaction updated successfully", (await db.FindTransactionAsync(id, cancellationToken))!);
    }

    private static TransactionFilter FilterOf(TransactionQuery query, string? userId) =>
        new(userId, query.Type, query.Status, query.From, query.To);
}
