using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.LiteLlm;

/// <summary>LiteLLM's own users and keys, passed through, and the test of a connection.</summary>
internal static class LiteLlmKeyEndpoints
{
    private const string Entity = "litellm_key";

    public static void MapLiteLlmKeys(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/admin/litellm").RequireAuthorization(AccessPolicies.Admin);
        pages
            .MapGet("/users/info", GetUserAsync)
            .Says(
                "List LiteLLM's keys",
                "Of one user or of all. Without a LiteLLM that has a database, the gateway's own keys; the "
                    + "header X-Data-Source says so."
            );
        pages
            .MapPost("/users/keys", CreateAsync)
            .Says("Make a key at LiteLLM", "Without a LiteLLM that has a database, a key of the gateway.")
            .Refuses(404);
        pages.MapPut("/users/keys/{**key_id}", UpdateAsync).Says("Change a key of LiteLLM", "By its token, its name or its id here.");
        pages.MapDelete("/users/keys/{**key_id}", DeleteAsync).Says("Delete a key of LiteLLM", "By its token, its name or its id here.");
        pages.MapPost("/test-connection", TestAsync).Says("Try a connection to LiteLLM", "Says whether it answers, and how fast.");
    }

    private static async Task<Shown<LiteLlmUserShape>> GetUserAsync(
        HttpContext http,
        Query<UserInfoQuery> query,
        LiteLlmClient client,
        LocalKeys local,
        CancellationToken cancellationToken
    )
    {
        var userId = query.Value.UserId;
        var answer = await ReadKeysAsync(http, userId, client, local, cancellationToken);
        return new(
            new JsonObject
            {
                ["user_id"] = LiteLlmJson.Text(answer, "user_id"),
                ["user_info"] = LiteLlmJson.Child(answer, "user_info") is { ValueKind: JsonValueKind.Object } info
                    ? JsonNode.Parse(info.GetRawText())
                    : null,
                ["keys"] = new JsonArray([.. KeysOf(answer).Select(UserKey)]),
                ["teams"] = LiteLlmJson.Child(answer, "teams") is { ValueKind: JsonValueKind.Array } teams
                    ? JsonNode.Parse(teams.GetRawText())
                    : new JsonArray(),
            }
        );
    }

    private static async Task<Results<CreatedShown<LiteLlmNewKeyShape>, ApiError>> CreateAsync(
        Body<NewLiteLlmKey> body,
        LiteLlmClient client,
        LocalKeys local,
        SignedInCaller caller,
        ChangeWriter changes,
        Actor actor,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var alias = body.Value.KeyAlias.Value;
        var wish = ToJson(body.Value, time.UtcNow());
        var made = default(JsonElement);
        if (
            local.AreInUse
            || !await HasDatabaseAsync(async () => made = await client.SendAsync(HttpMethod.Post, "key/generate", wish, cancellationToken))
        )
        {
            return LocalKeys.Refuse(body.Value) is { } wrong
                ? wrong
                : await local.CreateAsync(body.Value, caller, actor, cancellationToken);
        }
        if (LiteLlmJson.Text(made, "key") is not { } key)
        {
            return LiteLlmFaults.Unreadable(HttpMethod.Post, "key/generate").Error;
        }
        await changes.AuditAsync("litellm_key.created", Entity, alias, actor, cancellationToken);
        return new CreatedShown<LiteLlmNewKeyShape>(
            new JsonObject
            {
                ["key"] = key,
                ["key_name"] = LiteLlmJson.Text(made, "key_name"),
                ["key_alias"] = alias,
                ["user_id"] = LiteLlmJson.Text(made, "user_id"),
                ["team_id"] = LiteLlmJson.Text(made, "team_id"),
                ["expires"] = LiteLlmJson.Text(made, "expires"),
                ["token"] = LiteLlmJson.Text(made, "token") ?? LiteLlmJson.Text(made, "token_id"),
            }
        );
    }

    private static async Task<Results<Reply<Done>, ApiError>> UpdateAsync(
        string key_id,
        Body<LiteLlmKeyUpdate> body,
        LiteLlmClient client,
        LocalKeys local,
        SignedInCaller caller,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var wish = ToJson(body.Value, time.UtcNow());
        string? token = null;
        if (local.AreInUse || !await HasDatabaseAsync(async () => token = await FindTokenAsync(key_id, client, db, cancellationToken)))
        {
            return (LocalKeys.Refuse(body.Value) ?? await local.UpdateAsync(key_id, body.Value, caller, actor, cancellationToken)) is { } no
                ? no
                : Reply.Ok(new Done("Key updated successfully"));
        }
        if (token is null)
        {
            return ApiError.NotFound("Key not found");
        }
        wish["key"] = token;
        await client.SendAsync(HttpMethod.Post, "key/update", wish, cancellationToken);
        await changes.AuditAsync("litellm_key.updated", Entity, token, actor, cancellationToken);
        return Reply.Ok(new Done("Key updated successfully"));
    }

    private static async Task<Results<Reply<Done>, ApiError>> DeleteAsync(
        string key_id,
        LiteLlmClient client,
        LocalKeys local,
        SignedInCaller caller,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        string? token = null;
        if (local.AreInUse || !await HasDatabaseAsync(async () => token = await FindTokenAsync(key_id, client, db, cancellationToken)))
        {
            return await local.DeleteAsync(key_id, caller, actor, cancellationToken)
                ? Reply.Ok(new Done("Key deleted successfully"))
                : ApiError.NotFound("Key not found");
        }
        if (token is null)
        {
            return ApiError.NotFound("Key not found");
        }
        await client.SendAsync(HttpMethod.Post, "key/delete", new JsonObject { ["keys"] = new JsonArray(token) }, cancellationToken);
        await changes.AuditAsync("litellm_key.deleted", Entity, token, actor, cancellationToken);
        return Reply.Ok(new Done("Key deleted successfully"));
    }

    private static async Task<Reply<ConnectionTest>> TestAsync(
        Body<ConnectionAddress> address,
        LiteLlmClient client,
        CancellationToken cancellationToken
    )
    {
        var url = address.Value.BaseUrl is { } sent ? new Uri(sent) : null;
        return Reply.Ok(new ConnectionTest(true, await client.ProbeAsync(url, address.Value.ApiKey, cancellationToken)));
    }

    // What was sent, in LiteLLM's words. It takes how long a key lives, not when it ends.
    private static JsonObject ToJson(LiteLlmKeyUpdate update, DateTime now)
    {
        var wish = new JsonObject();
        Put("key_alias", update.KeyAlias, alias => alias);
        Put("user_id", update.UserId, id => id);
        Put("team_id", update.TeamId, id => id);
        Put("models", update.Models, models => new JsonArray([.. (models ?? []).Select(m => JsonValue.Create(m))]));
        Put("max_budget", update.MaxBudget, cap => cap?.ToUsd());
        Put(
            "duration",
            update.Expires,
            end =>
                end is null ? null : string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling((end.Value - now).TotalSeconds)}s")
        );
        Put("tpm_limit", update.TpmLimit, limit => limit);
        Put("rpm_limit", update.RpmLimit, limit => limit);
        Put("max_parallel_requests", update.MaxParallelRequests, limit => limit);
        Put("budget_duration", update.BudgetDuration, duration => LiteLlmBudgetEndpoints.DurationFor(duration));
        if (update.Metadata is { } metadata)
        {
            wish["metadata"] = metadata;
        }
        return wish;

        void Put<T>(string member, Optional<T> sent, Func<T, JsonNode?> toJson)
        {
            if (sent.IsSent)
            {
                wish[member] = toJson(sent.Value);
            }
        }
    }

    // LiteLLM's own hash, the id of a key here, or the name that somebody gave it there.
    private static async Task<string?> FindTokenAsync(
        string keyId,
        LiteLlmClient client,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(k => k.Id == keyId && k.ExternalId != null, cancellationToken) is { } local)
        {
            return local.ExternalId;
        }
        var keys = KeysOf(await ReadUserAsync(client, null, cancellationToken)).ToList();
        return keys.Select(k => LiteLlmJson.Text(k, "token")).FirstOrDefault(t => t == keyId)
            ?? keys.Where(k => LiteLlmJson.Text(k, "key_alias") == keyId).Select(k => LiteLlmJson.Text(k, "token")).FirstOrDefault();
    }

    // The pages' keys are LiteLLM's; where it cannot keep any, the gateway's own, in the same form.
    private static async Task<JsonElement> ReadKeysAsync(
        HttpContext http,
        string? userId,
        LiteLlmClient client,
        LocalKeys local,
        CancellationToken cancellationToken
    )
    {
        var answer = default(JsonElement);
        if (!local.AreInUse && await HasDatabaseAsync(async () => answer = await ReadUserAsync(client, userId, cancellationToken)))
        {
            return answer;
        }
        http.Response.Headers["X-Data-Source"] = "local";
        return await local.ReadAsync(userId, cancellationToken);
    }

    // Whether LiteLLM did it; false: it has no database. Any other fault goes on to the caller.
    private static async Task<bool> HasDatabaseAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return true;
        }
        catch (LiteLlmException fault) when (fault.IsNoDatabase)
        {
            return false;
        }
    }

    private static Task<JsonElement> ReadUserAsync(LiteLlmClient client, string? userId, CancellationToken cancellationToken) =>
        client.SendAsync(
            HttpMethod.Get,
            userId is null ? "user/info" : $"user/info?user_id={Uri.EscapeDataString(userId)}",
            null,
            cancellationToken
        );

    private static IEnumerable<JsonElement> KeysOf(JsonElement answer) =>
        LiteLlmJson.Child(answer, "keys") is { ValueKind: JsonValueKind.Array } keys ? keys.EnumerateArray() : [];

    // Every member stands, whatever LiteLLM left out, because a client reads them without asking.
    private static JsonObject UserKey(JsonElement row)
    {
        var key = new JsonObject
        {
            ["token"] = LiteLlmJson.Text(row, "token") ?? "",
            ["spend"] = LiteLlmJson.Number(row, "spend") ?? 0,
            ["blocked"] = LiteLlmJson.Flag(row, "blocked"),
        };
        foreach (
            var name in new[]
            {
                "key_name",
                "key_alias",
                "max_budget",
                "expires",
                "user_id",
                "team_id",
                "max_parallel_requests",
                "tpm_limit",
                "rpm_limit",
                "budget_duration",
                "budget_reset_at",
                "org_id",
                "created_at",
                "created_by",
                "updated_at",
                "updated_by",
                "team_alias",
            }
        )
        {
            key[name] = Copy(row, name, JsonValueKind.Undefined);
        }
        foreach (var name in new[] { "models", "allowed_cache_controls", "allowed_routes" })
        {
            key[name] = Copy(row, name, JsonValueKind.Array) ?? new JsonArray();
        }
        foreach (var name in new[] { "aliases", "config", "metadata", "permissions", "model_spend", "model_max_budget" })
        {
            key[name] = Copy(row, name, JsonValueKind.Object) ?? new JsonObject();
        }
        return key;
    }

    private static JsonNode? Copy(JsonElement row, string name, JsonValueKind kind) =>
        LiteLlmJson.Child(row, name) is var value
        && (kind == JsonValueKind.Undefined ? value.ValueKind is JsonValueKind.String or JsonValueKind.Number : value.ValueKind == kind)
            ? JsonNode.Parse(value.GetRawText())
            : null;
}
