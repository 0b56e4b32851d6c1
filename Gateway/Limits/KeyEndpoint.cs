using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Limits;

/// <summary>
/// <c>GET /v1/key</c>: who am I, what may I use, what did I spend. Spend comes from the daily sums, which are at most a second old.
/// </summary>
internal static class KeyEndpoint
{
    public static void MapKey(this IEndpointRouteBuilder routes)
    {
        routes.MapCallerRoute("/v1/key", GetKey);
        routes.MapCallerRoute("/key", GetKey);
    }

    private static async Task GetKey(HttpContext http, Caller caller)
    {
        var services = http.RequestServices;
        var policy = services.GetRequiredService<PolicySource>().Current;
        try
        {
            var view = new KeyView
            {
                Id = caller.Key?.Id,
                PublicId = caller.Key?.PublicId,
                Name = caller.Key?.Name,
                UserId = caller.User.Id,
                TeamId = caller.TeamId,
                TierId = caller.User.TierId,
                ExpiresAt = caller.Key?.ExpiresAt,
                Models = [.. policy.Models.Where(m => m.IsEnabled && caller.MayUse(m, policy)).Select(m => m.Name)],
                Limits = await services.GetRequiredService<LimitViews>().ReadAsync(caller, http.RequestAborted),
                Spend = await ReadSpendAsync(services, caller, http.RequestAborted),
            };
            await http.Response.WriteAsJsonAsync(view, KeyJson.Default.KeyView, cancellationToken: http.RequestAborted);
        }
        catch (Exception fault) when (fault is CallerStoreUnavailableException || DatabaseFaults.IsOfDatabase(fault))
        {
            await http.RefuseAsync(Refusals.StoreUnavailable);
        }
    }

    private static async Task<SpendView> ReadSpendAsync(IServiceProvider services, Caller caller, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(cancellationToken);
        var userId = caller.User.Id;
        var keyId = caller.Key?.Id ?? "";
        var today = UtcTime.DayOf(services.GetRequiredService<TimeProvider>().UtcNow());
        var month = new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        var (user, key) = (db.NumberOf(userId), db.NumberOf(keyId));
        var called = db.DailyUsage.Where(d => d.UserNumber == user.FirstOrDefault() && d.ApiKeyNumber == (key.FirstOrDefault() ?? 0));
        var days = await called
            .Where(d => d.BucketStart >= month)
            .GroupBy(d => d.BucketStart)
            .Select(g => new
            {
                Day = g.Key,
                High = g.Sum(d => d.TotalCostNanoUsd / Saturating.Half),
                Low = g.Sum(d => d.TotalCostNanoUsd % Saturating.Half),
            })
            .ToListAsync(cancellationToken);
        var total = caller.Key is null
            ? await called.SumSaturatingAsync(d => d.TotalCostNanoUsd, cancellationToken)
            : await db.ApiKeyUsage.Where(u => u.ApiKeyId == keyId).SumSaturatingAsync(u => u.TotalCostNanoUsd, cancellationToken);
        return new SpendView
        {
            Today = Money.UsdOf(days.Where(d => d.Day == today).SumOf(d => Saturating.OfHalves(d.High, d.Low))),
            Month = Money.UsdOf(days.SumOf(d => Saturating.OfHalves(d.High, d.Low))),
            Total = Money.UsdOf(total),
        };
    }
}
