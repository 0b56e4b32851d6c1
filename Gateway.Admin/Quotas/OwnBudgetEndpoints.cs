using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Quotas;

/// <summary>The cap that a user sets on the own spending.</summary>
internal static class OwnBudgetEndpoints
{
    public static void MapOwnBudgets(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/users/{user_id}/budget", GetAsync)
            .RequireAuthorization(AccessPolicies.OwnOrStaff)
            .Says("Show the monthly limit", "The own limit or that of an admin, whichever is lower, and what was spent in the month.");
        routes
            .MapMethods("/users/{user_id}/budget", [HttpMethods.Put, HttpMethods.Patch], PutAsync)
            .RequireAuthorization(AccessPolicies.OwnOrAdmin)
            .Says("Set the monthly limit", "Never above the limit that an admin set.");
    }

    private static async Task<Results<Reply<OwnBudgetResponse>, ApiError>> GetAsync(
        PathUser user,
        BudgetViews views,
        HubDbContext db,
        BudgetOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => await ShowAsync(user.Id, views, db, options, time, cancellationToken) is { } budget ? Reply.Ok(budget) : ApiError.UserNotFound;

    private static async Task<Results<Reply<OwnBudgetResponse>, ApiError>> PutAsync(
        PathUser user,
        SignedInCaller caller,
        Body<OwnBudgetUpdate> update,
        OwnBudgets budgets,
        Actor actor,
        BudgetViews views,
        HubDbContext db,
        BudgetOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        return await budgets.SetAsync(user.Id, update.Value.MonthlyLimit.Value, caller, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Ok((await ShowAsync(user.Id, views, db, options, time, cancellationToken))!);
    }

    // The own cap or the monthly cap of an admin, whichever is lower; without one the lowest of another period; without that the default.
    private static async Task<OwnBudgetResponse?> ShowAsync(
        string userId,
        BudgetViews views,
        HubDbContext db,
        BudgetOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (
            await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == userId && u.DeletedAt == null, cancellationToken) is not { } user
        )
        {
            return null;
        }
        var rows = await db
            .Budgets.AsNoTracking()
            .Where(b => b.UserId == userId && b.EndUser == null)
            .OrderBy(b => b.MaxBudgetNanoUsd)
            .ThenBy(b => b.Id)
            .ToListAsync(cancellationToken);
        var standard = await DefaultBudget.ReadCapAsync(db, options, cancellationToken);
        var isBound = standard is not null && DefaultBudget.Binds(user.Role, rows);
        var adminLimit =
            rows.FirstOrDefault(b => b.Source != BudgetSources.User) is { } lowest ? Money.FromNanoUsd(lowest.MaxBudgetNanoUsd)
            : isBound ? standard
            : null;
        var shown =
            // The lowest
            rows.FirstOrDefault(b => b.Source == BudgetSources.User || b.BudgetDuration == DefaultBudget.Duration) ?? rows.FirstOrDefault();
        if (shown is not null)
        {
            var standing = (await views.ReadAsync([shown], cancellationToken))[0];
            // A cap that is new within its window counts calls from then on; what the user spent in the window is shown whole.
            var inWindow = await SpentSinceAsync(db, userId, standing.Window.Start, cancellationToken);
            return new OwnBudgetResponse(
                shown.Id,
                userId,
                Money.UsdOf(shown.MaxBudgetNanoUsd),
                Money.Max(standing.Spent, inWindow).ToUsd(),
                "USD",
                shown.BudgetDuration ?? "never",
                standing.Window.End,
                IsDefault: false,
                IsEnforced: shown.Mode == QuotaMode.Enforce.ToName(),
                adminLimit?.ToUsd(),
                shown.Source,
                shown.CreatedAt,
                shown.UpdatedAt
            );
        }
        var window = DefaultBudget.Of(userId, Money.Zero).Period.WindowAt(time.UtcNow());
        var spent = await SpentSinceAsync(db, userId, window.Start, cancellationToken);
        return new OwnBudgetResponse(
            "",
            userId,
            standard?.ToUsd(),
            spent.ToUsd(),
            "USD",
            DefaultBudget.Duration,
            window.End,
            IsDefault: true,
            isBound,
            adminLimit?.ToUsd(),
            SetBy: null,
            user.CreatedAt,
            user.CreatedAt
        );
    }

    // Of whole days: a window that begins within one counts from the next.
    private static async Task<Money> SpentSinceAsync(HubDbContext db, string userId, DateTime start, CancellationToken cancellationToken) =>
        Money.FromNanoUsd(
            await db.DailyTotals(userId).Where(d => d.BucketStart >= start).SumSaturatingAsync(d => d.TotalCostNanoUsd, cancellationToken)
        );
}
