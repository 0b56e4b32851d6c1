using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// Values for the parameters of routes, by name, or by route and name where a name means different things. A parameter without a value here
/// ends the run: no filter is forgotten.
/// </summary>
internal sealed class ListSamples
{
    /// <summary>Routes that are no lists and read much by their nature, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Apart { get; } =
        new Dictionary<string, string>
        {
            ["/admin/ledger/check"] = "adds up the whole ledger, in chunks",
            ["/admin/ledger/export"] = "sends the whole ledger, page by page",
            ["/stream/chat/{session_id}"] = "speaks to a model",
            ["/files/{id}"] = "sends a file's bytes",
            ["/auth/oidc/{issuer}/start"] = "leads to an identity provider",
            ["/auth/oidc/{issuer}/callback"] = "comes back from an identity provider",
        };

    private readonly Dictionary<string, string[]> _values;

    private ListSamples(Dictionary<string, string[]> values) => _values = values;

    public static async Task<ListSamples> ReadAsync(HubDbContext db)
    {
        var user = SeedTables.UserId(1);
        var (today, middle) = (DateTime.UtcNow.Date, DateTime.UtcNow.Date.AddDays(-SeedTables.Days / 2).AddHours(7));
        var tier = await db.Tiers.OrderBy(t => t.PriceNanoUsd).Select(t => t.Id).FirstAsync();
        var key = await db.Budgets.Where(b => b.ApiKeyId != null).Select(b => b.ApiKeyId!).FirstAsync();
        var team = await db.Teams.Select(t => t.Id).FirstAsync();
        var event_ = await db.Events.AsNoTracking().FirstAsync();
        var entry = await db.AuditLog.AsNoTracking().Where(a => a.ActorId != null).OrderByDescending(a => a.CreatedAt).FirstAsync();
        return new ListSamples(
            new Dictionary<string, string[]>
            {
                ["user_id"] = [user],
                ["tier_id"] = [tier],
                ["team_id"] = [team],
                ["api_key_id"] = [key],
                ["model_id"] = ["seed-model-7"],
                ["company_id"] = ["seed-company-1"],
                ["role"] = ["customer", "support"],
                ["free_tier_status"] = ["pending", "approved"],
                ["is_active"] = ["true", "false"],
                ["is_free"] = ["true"],
                ["is_enabled"] = ["false"],
                ["mode"] = ["chat"],
                ["search"] = ["e", "user4242", "no such text"],
                ["from"] = [middle.ToString("O")],
                ["to"] = [middle.ToString("O")],
                ["date_from"] = [middle.ToString("O")],
                ["date_to"] = [middle.ToString("O")],
                ["start_date"] = [today.AddDays(-89).ToString("yyyy-MM-dd")],
                ["end_date"] = [today.ToString("yyyy-MM-dd")],
                ["period"] = ["day", "week", "month"],
                ["page"] = ["3"],
                ["status"] = ["completed", "pending"],
                ["type"] = ["usage", "deposit", "refund"],
                ["scope"] = ["user", "team", "api_key", "tier_model"],
                ["/admin/rate-limits scope"] = ["user", "api_key", "all"],
                ["/admin/events scope"] = ["user", "team"],
                ["/admin/events type"] = ["budget.exhausted", "none.such"],
                ["group_by"] = ["model,day", "user", "hour"],
                ["/admin/usage from"] = [today.AddDays(-60).ToString("yyyy-MM-dd")],
                ["/admin/usage to"] = [today.AddDays(-30).ToString("yyyy-MM-dd")],
                ["scope_id"] = [event_.ScopeId!],
                ["actor_id"] = [entry.ActorId!],
                ["action"] = [entry.Action, "none.such"],
                ["entity_type"] = [entry.EntityType],
                ["entity_id"] = [entry.EntityId],
                ["budget_id"] = ["none"],
                ["is_held"] = ["true"],
                ["key"] = ["signup_credit"],
                ["category"] = ["billing"],
                ["/currencies/exchange-rates from"] = ["USD"],
                ["/currencies/exchange-rates to"] = ["USD"],
                ["/admin/users/{id} id"] = [user],
                ["/admin/users/{id}/api-keys id"] = [user],
                ["/admin/teams/{id} id"] = [team],
                ["/admin/tiers/{id} id"] = [tier],
                ["/admin/companies/{id} id"] = ["seed-company-1"],
                ["/companies/{id} id"] = ["seed-company-1"],
                ["/companies/{id}/models id"] = ["seed-company-1"],
                ["/models/{id} id"] = ["seed-model-7"],
                ["/admin/models/{id} id"] = ["seed-model-7"],
                ["/admin/model-configs/{id} id"] = ["seed-config-7"],
                ["/admin/upstreams/{id} id"] = [await db.Upstreams.Select(u => u.Id).FirstOrDefaultAsync() ?? "none"],
                ["/admin/budgets/{id} id"] = [await db.Budgets.Where(b => b.TierId != null).Select(b => b.Id).FirstAsync()],
                ["/admin/rate-limits/{id} id"] = [await db.RateLimits.Select(l => l.Id).FirstAsync()],
                ["tag"] = ["no such tag"],
                ["end_user"] = ["no such end user"],
                ["month"] = [today.ToString("yyyy-MM")],
                ["/requests/{id}/cost id"] =
                [
                    await db.LedgerEntries.Where(e => e.UserNumber == db.NumberOf(user).FirstOrDefault()).Select(e => e.Id).FirstAsync(),
                ],
                ["/requests/{id} id"] =
                [
                    await db.LedgerEntries.Where(e => e.UserNumber == db.NumberOf(user).FirstOrDefault()).Select(e => e.Id).FirstAsync(),
                ],
                ["/transactions/{id} id"] = [await db.Transactions.Where(t => t.UserId == user).Select(t => t.Id).FirstAsync()],
                ["/chats/{id} id"] = [SeedTables.LongChatId],
                ["/chats/{id}/messages id"] = [SeedTables.LongChatId],
                ["/chats search"] = ["topic 42 ", "no such text"],
                ["include_archived"] = ["true"],
                ["include_deleted"] = ["true"],
                ["favorite"] = ["true"],
                ["folder_id"] = ["folder-3", "no-such-folder"],
                ["include_messages"] = ["false"],
                ["/admin/models/litellm/{model_id} model_id"] = ["seed/model-7"],
            }
        );
    }

    public string[] Of(string route, string parameter) =>
        _values.GetValueOrDefault($"{route} {parameter}")
        ?? _values.GetValueOrDefault(parameter)
        ?? throw new InvalidOperationException($"There is no sample of {parameter} for {route}.");
}
