using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Admin.LiteLlm;

/// <summary>LiteLLM's own budgets, passed through.</summary>
internal static class LiteLlmBudgetEndpoints
{
    private const string Entity = "litellm_budget";

    public static void MapLiteLlmBudgets(this IEndpointRouteBuilder routes)
    {
        var budgets = routes.MapGroup("/admin/budgets").RequireAuthorization(AccessPolicies.Admin);
        budgets
            .MapPost("/sync", SyncAsync)
            .Says("Sync budgets", "Takes LiteLLM's budgets over, as budgets that are not enforced here.")
            .Refuses(502, 503, 504);
        budgets.MapGet("/litellm", ListAsync).Says("List LiteLLM's budgets", "As LiteLLM tells them.");
        budgets.MapGet("/litellm/settings", GetSettingsAsync).Says("Show LiteLLM's budget settings", "As LiteLLM tells them.");
        budgets.MapGet("/litellm/{**budget_id}", GetAsync).Says("Show a budget of LiteLLM", "By the id that it has there.");
        budgets.MapPost("/litellm", CreateAsync).Says("Make a budget at LiteLLM", "LiteLLM enforces it, for its own keys.");
        budgets.MapPut("/litellm", UpdateAsync).Says("Change a budget of LiteLLM", "Changes the members that are sent.").Refuses(404);
        budgets.MapDelete("/litellm/{**budget_id}", DeleteAsync).Says("Delete a budget of LiteLLM", "By the id that it has there.");
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

    private static async Task<Envelope<SyncResult>> SyncAsync(
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

    private static async Task<Envelope<List<LiteLlmBudgetResponse>>> ListAsync(LiteLlmClient client, CancellationToken cancellationToken) =>
        Reply.Enveloped(
            "Budgets retrieved successfully",
            Rows(await client.SendAsync(HttpMethod.Get, "budget/list", null, cancellationToken))
        );

    private static async Task<Results<Envelope<LiteLlmBudgetResponse>, ApiError>> GetAsync(
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
            ? Reply.Enveloped("Budget retrieved successfully", budget)
            : ApiError.BudgetNotFound;
    }

    private static async Task<Envelope<BudgetSettings>> GetSettingsAsync(
        Query<BudgetSettingsQuery> query,
        LiteLlmClient client,
        CancellationToken cancellationToken
    )
    {
        var id = query.Value.BudgetId;
        try
        {
            var settings = await client.SendAsync(
                HttpMethod.Get,
                id is null ? "budget/settings" : $"budget/settings?budget_id={Uri.EscapeDataString(id)}",
                null,
                cancellationToken
            );
            return Reply.Enveloped("Budget settings retrieved successfully", new BudgetSettings(settings));
        }
        catch (LiteLlmException fault) when (id is null && fault.IsUnsupported)
        {
            // A LiteLLM without a database, or one that has settings of single budgets only. One that does not answer is a fault.
            return Reply.Enveloped("Budget settings retrieved successfully", new BudgetSettings(JsonElement.Parse("{}")));
        }
    }

    private static async Task<Results<CreatedEnvelope<LiteLlmBudgetResponse>, ApiError>> CreateAsync(
        Body<NewLiteLlmBudget> body,
        LiteLlmClient client,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var wish = ToJson(body.Value);
        if (LiteLlmBudgetResponse.From(await client.SendAsync(HttpMethod.Post, "budget/new", wish, cancellationToken)) is not { } budget)
        {
            return LiteLlmFaults.Unreadable(HttpMethod.Post, "budget/new").Error;
        }
        await changes.AuditAsync("litellm_budget.created", Entity, budget.Id, actor, cancellationToken);
        return Reply.EnvelopedCreated(
            "Budget created successfully",
            budget with
            {
                UserId = body.Value.UserId,
                TeamId = body.Value.TeamId,
            }
        );
    }

    private static async Task<Results<Envelope<LiteLlmBudgetResponse>, ApiError>> UpdateAsync(
        Body<NamedLiteLlmBudgetUpdate> body,
        LiteLlmClient client,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var (id, wish) = (body.Value.Id, ToJson(body.Value));
        wish["budget_id"] = id;
        // An unknown id is a success with the body null.
        if (LiteLlmBudgetResponse.From(await client.SendAsync(HttpMethod.Post, "budget/update", wish, cancellationToken)) is not { } budget)
        {
            return ApiError.BudgetNotFound;
        }
        await changes.AuditAsync("litellm_budget.updated", Entity, id, actor, cancellationToken);
        return Reply.Enveloped("Budget updated successfully", budget);
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
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

    // What was sent, in LiteLLM's words.
    private static JsonObject ToJson(LiteLlmBudgetUpdate update)
    {
        var wish = new JsonObject();
        if (update.MaxBudget.IsSent)
        {
            wish["max_budget"] = update.MaxBudget.Value.ToUsd();
        }
        if (update.BudgetDuration.IsSent)
        {
            wish["budget_duration"] = DurationFor(update.BudgetDuration.Value);
        }
        if (update.ResetAt.IsSent)
        {
            wish["budget_reset_at"] = update.ResetAt.Value?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
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
