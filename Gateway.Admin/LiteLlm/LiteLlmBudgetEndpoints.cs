using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Admin.LiteLlm;

/// <summary>LiteLLM's own budgets, passed through.</summary>
internal static class LiteLlmBudgetEndpoints
{
    private const string Entity = "litellm_budget";
    private const long HighestUsd = 1_000_000_000;

    public static void MapLiteLlmBudgets(this IEndpointRouteBuilder routes)
    {
        var budgets = routes.MapGroup("/admin/budgets").RequireAuthorization(AccessPolicies.Admin);
        budgets.MapPost("/sync", SyncAsync);
        budgets.MapGet("/litellm", ListAsync);
        budgets.MapGet("/litellm/settings", GetSettingsAsync);
        budgets.MapGet("/litellm/{**budget_id}", GetAsync);
        budgets.MapPost("/litellm", CreateAsync);
        budgets.MapPut("/litellm", UpdateAsync);
        budgets.MapDelete("/litellm/{**budget_id}", DeleteAsync);
    }

    /// <summary>A duration of ours in LiteLLM's words; it knows neither weeks nor years that it counts right.</summary>
    public static string? DurationFor(string? duration) =>
        duration switch
        {
            null or "never" => null,
            "daily" => "1d",
            "weekly" => "7d",
            "monthly" => "1mo",
            "yearly" => "365d",
            [.. var count, 'w'] => Days(count, 7),
            [.. var count, 'y'] => Days(count, 365),
            _ => duration,
        };

    private static async Task<Reply<SyncResult>> SyncAsync(
        BudgetSync sync,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var result = await sync.SyncAsync(cancellationToken);
        await changes.AuditAsync("budgets.sync_requested", ChangedEntities.Budget, "*", actor, cancellationToken);
        return Reply.Enveloped("Budgets synchronized successfully", result);
    }

    private static async Task<Reply<List<LiteLlmBudgetResponse>>> ListAsync(LiteLlmClient client, CancellationToken cancellationToken) =>
        Reply.Enveloped(
            "Budgets retrieved successfully",
            Rows(await client.SendAsync(HttpMethod.Get, "budget/list", null, cancellationToken)),
            "budgets"
        );

    private static async Task<Results<Reply<LiteLlmBudgetResponse>, ApiError>> GetAsync(
        string budget_id,
        LiteLlmClient client,
        CancellationToken cancellationToken
    )
    {
        var id = Decoded(budget_id);
        var rows = Rows(
            await client.SendAsync(HttpMethod.Post, "budget/info", new JsonObject { ["budgets"] = new JsonArray(id) }, cancellationToken)
        );
        return rows.Find(b => b.Id == id) is { } budget
            ? Reply.Enveloped("Budget retrieved successfully", budget, "budget")
            : ApiError.BudgetNotFound;
    }

    private static async Task<Results<Reply<JsonElement>, ApiError>> GetSettingsAsync(
        QueryReader query,
        LiteLlmClient client,
        CancellationToken cancellationToken
    )
    {
        var id = query.Text("budget_id");
        if (query.Error is { } error)
        {
            return error;
        }
        try
        {
            var settings = await client.SendAsync(
                HttpMethod.Get,
                id is null ? "budget/settings" : $"budget/settings?budget_id={Uri.EscapeDataString(id)}",
                null,
                cancellationToken
            );
            return Reply.Enveloped("Budget settings retrieved successfully", settings, "settings");
        }
        catch (LiteLlmException fault) when (id is null && fault.IsUnsupported)
        {
            // A LiteLLM without a database, or one that has settings of single budgets only. One that does not answer is a fault.
            return Reply.Enveloped("Budget settings retrieved successfully", JsonElement.Parse("{}"), "settings");
        }
    }

    private static async Task<Results<Reply<LiteLlmBudgetResponse>, ApiError>> CreateAsync(
        JsonBody body,
        LiteLlmClient client,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var cap = members.RequiredAmount("max_budget", Money.FromNanoUsd(1), HighestUsd);
        var (userId, teamId) = (members.NullableText("user_id", 255).Value, members.NullableText("team_id", 255).Value);
        var wish = Read(members);
        members.RefuseUnknownLimits(LimitMembers.Budget);
        if (members.Error is { } error)
        {
            return error;
        }
        wish["max_budget"] = cap.ToUsd();
        if (LiteLlmBudgetResponse.From(await client.SendAsync(HttpMethod.Post, "budget/new", wish, cancellationToken)) is not { } budget)
        {
            return LiteLlmFaults.Unreadable(HttpMethod.Post, "budget/new").Error;
        }
        await changes.AuditAsync("litellm_budget.created", Entity, budget.Id, actor, cancellationToken);
        return Reply.EnvelopedCreated("Budget created successfully", budget with { UserId = userId, TeamId = teamId }, "budget");
    }

    private static async Task<Results<Reply<LiteLlmBudgetResponse>, ApiError>> UpdateAsync(
        JsonBody body,
        LiteLlmClient client,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var id = members.RequiredText("id", 1, 255);
        var cap = members.Amount("max_budget", Money.FromNanoUsd(1), HighestUsd);
        var wish = Read(members);
        members.RefuseUnknownLimits(LimitMembers.Budget);
        if (members.Error is { } error)
        {
            return error;
        }
        wish["budget_id"] = id;
        if (cap.IsSent)
        {
            wish["max_budget"] = cap.Value.ToUsd();
        }
        // An unknown id is a success with the body null.
        if (LiteLlmBudgetResponse.From(await client.SendAsync(HttpMethod.Post, "budget/update", wish, cancellationToken)) is not { } budget)
        {
            return ApiError.BudgetNotFound;
        }
        await changes.AuditAsync("litellm_budget.updated", Entity, id, actor, cancellationToken);
        return Reply.Enveloped("Budget updated successfully", budget, "budget");
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
        string budget_id,
        LiteLlmClient client,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var id = Decoded(budget_id);
        var deleted = await client.SendAsync(HttpMethod.Post, "budget/delete", new JsonObject { ["id"] = id }, cancellationToken);
        if (deleted.ValueKind != JsonValueKind.Object)
        {
            return ApiError.BudgetNotFound;
        }
        await changes.AuditAsync("litellm_budget.deleted", Entity, id, actor, cancellationToken);
        return Reply.Enveloped<object?>("Budget deleted successfully from LiteLLM", null);
    }

    private static JsonObject Read(MemberReader members)
    {
        var wish = new JsonObject();
        if (BudgetEndpoints.ReadDuration(members) is { IsSent: true, Value: var duration })
        {
            wish["budget_duration"] = DurationFor(duration);
        }
        if (members.NullableTime("reset_at") is { IsSent: true, Value: var resetAt })
        {
            wish["budget_reset_at"] = resetAt?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        }
        return wish;
    }

    private static List<LiteLlmBudgetResponse> Rows(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Array
            ? [.. answer.EnumerateArray().Select(LiteLlmBudgetResponse.From).OfType<LiteLlmBudgetResponse>()]
            : throw LiteLlmFaults.Unreadable(HttpMethod.Get, "budget/list");

    private static string? Days(string count, int each) =>
        int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"{number * each}d")
            : null;

    private static string Decoded(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
