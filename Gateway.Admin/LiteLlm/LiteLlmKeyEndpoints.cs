using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.LiteLlm;

/// <summary>LiteLLM's own users and keys, passed through, and the test of a connection.</summary>
internal static class LiteLlmKeyEndpoints
{
    private const string Entity = "litellm_key";
    private const long HighestUsd = 1_000_000_000;

    public static void MapLiteLlmKeys(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/admin/litellm").RequireAuthorization(AccessPolicies.Admin);
        pages.MapGet("/users/info", GetUserAsync);
        pages.MapPost("/users/keys", CreateAsync);
        pages.MapPut("/users/keys/{**key_id}", UpdateAsync);
        pages.MapDelete("/users/keys/{**key_id}", DeleteAsync);
        pages.MapPost("/test-connection", TestAsync);
    }

    private static async Task<Results<Reply<JsonObject>, ApiError>> GetUserAsync(
        HttpContext http,
        QueryReader query,
        LiteLlmClient client,
        LocalKeys local,
        CancellationToken cancellationToken
    )
    {
        var userId = query.Text("user_id");
        if (query.Error is { } error)
        {
            return error;
        }
        var answer = await ReadKeysAsync(http, userId, client, local, cancellationToken);
        return Reply.Ok(
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

    private static async Task<Results<Reply<JsonObject>, ApiError>> CreateAsync(
        JsonBody body,
        LiteLlmClient client,
        LocalKeys local,
        Caller caller,
        ChangeWriter changes,
        Actor actor,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var alias = members.RequiredText("key_alias", 1, 255);
        var wish = Read(members, time.UtcNow());
        members.RefuseUnknownLimits(LimitMembers.LiteLlmKey);
        if (members.Error is { } error)
        {
            return error;
        }
        wish["key_alias"] = alias;
        var made = default(JsonElement);
        if (
            local.AreInUse
            || !await HasDatabaseAsync(async () => made = await client.SendAsync(HttpMethod.Post, "key/generate", wish, cancellationToken))
        )
        {
            var own = LocalKeyWish.Read(members, time.UtcNow());
            return members.Error is { } wrong ? wrong : await local.CreateAsync(alias, own, caller, actor, cancellationToken);
        }
        if (LiteLlmJson.Text(made, "key") is not { } key)
        {
            return LiteLlmFaults.Unreadable(HttpMethod.Post, "key/generate").Error;
        }
        await changes.AuditAsync("litellm_key.created", Entity, alias, actor, cancellationToken);
        return Reply.Created(
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
        JsonBody body,
        LiteLlmClient client,
        LocalKeys local,
        Caller caller,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var alias = members.Text("key_alias", 1, 255);
        var wish = Read(members, time.UtcNow());
        members.RefuseUnknownLimits(LimitMembers.ChangedLiteLlmKey);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        string? token = null;
        if (local.AreInUse || !await HasDatabaseAsync(async () => token = await FindTokenAsync(key_id, client, db, cancellationToken)))
        {
            var own = LocalKeyWish.Read(members, time.UtcNow());
            return (members.Error ?? await local.UpdateAsync(key_id, alias, own, caller, actor, cancellationToken)) is { } no
                ? no
                : Reply.Ok(new Done("Key updated successfully"));
        }
        if (alias.IsSent)
        {
            wish["key_alias"] = alias.Value;
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
        Caller caller,
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

    private static async Task<Results<Reply<ConnectionTest>, ApiError>> TestAsync(
        JsonBody body,
        LiteLlmClient client,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var (url, key) = (members.NullableText("base_url", 2_048).Value, members.NullableText("api_key", 1_000).Value);
        Uri? address = null;
        if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https")))
        {
            members.Refuse("base_url", "url", "must be an http or https address");
        }
        return members.Error is { } error
            ? error
            : Reply.Ok(new ConnectionTest(true, await client.ProbeAsync(address, key, cancellationToken)));
    }

    // LiteLLM takes a life, not an end.
    private static JsonObject Read(MemberReader members, DateTime now)
    {
        var wish = new JsonObject();
        foreach (var member in new[] { "user_id", "team_id" })
        {
            if (members.NullableText(member, 255) is { IsSent: true, Value: var text })
            {
                wish[member] = text;
            }
        }
        if (members.Names("models", 1_000, 255) is { IsSent: true, Value: var models })
        {
            wish["models"] = new JsonArray([.. (models ?? []).Select(m => JsonValue.Create(m))]);
        }
        if (members.NullableAmount("max_budget", Money.Zero, HighestUsd) is { IsSent: true, Value: var cap })
        {
            wish["max_budget"] = cap?.ToUsd();
        }
        if (members.NullableFutureTime("expires", now) is { IsSent: true, Value: var expires })
        {
            wish["duration"] = expires is { } end
                ? string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling((end - now).TotalSeconds)}s")
                : null;
        }
        foreach (var member in new[] { "tpm_limit", "rpm_limit" })
        {
            if (members.NullableWhole(member, 0, long.MaxValue) is { IsSent: true, Value: var limit })
            {
                wish[member] = limit;
            }
        }
        if (members.NullableWhole("max_parallel_requests", 0, long.MaxValue) is { IsSent: true, Value: var parallel })
        {
            wish["max_parallel_requests"] = parallel;
        }
        if (BudgetEndpoints.ReadDuration(members) is { IsSent: true, Value: var period })
        {
            wish["budget_duration"] = LiteLlmBudgetEndpoints.DurationFor(period);
        }
        if (members.Object("metadata") is { } metadata)
        {
            wish["metadata"] = metadata;
        }
        return wish;
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
