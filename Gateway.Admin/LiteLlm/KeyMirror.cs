using System.Globalization;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// Keeps keys at LiteLLM too, so that they work there, when the option says so. LiteLLM never learns of what is kept here
/// beyond that. What is told after a change is what the database holds by then, one call after another: of two changes at once, the last
/// word at LiteLLM is the state that both left.
/// </summary>
internal sealed partial class KeyMirror(
    LiteLlmClient client,
    IDbContextFactory<HubDbContext> databases,
    LiteLlmOptions options,
    UpstreamOptions upstream,
    TimeProvider time,
    ILogger<KeyMirror> logger
) : IDisposable
{
    private const int AliasIdLength = 8;

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    public bool IsOn => options.MirrorKeys && upstream.LiteLlmBaseUrls.Count > 0; // the sandbox keeps no keys

    /// <summary>Registers a key.</summary>
    /// <returns>LiteLLM's token of it.</returns>
    /// <exception cref="ApiErrorException">LiteLLM did not take it.</exception>
    public async Task<string> RegisterAsync(ApiKey key, string text, CancellationToken cancellationToken)
    {
        // Not the row's id: its first characters are the minute, and LiteLLM wants one alias per key. A renewed key stands beside the old
        // one for a moment.
        var alias = $"{key.Name}-{key.PublicId[..AliasIdLength]}";
        var wish = new JsonObject
        {
            ["key"] = text,
            ["user_id"] = key.UserId,
            ["key_alias"] = key.ExternalId is null ? alias : $"{alias}-{text[^4..]}",
            ["models"] = Models(key),
        };
        if (key.ExpiresAt is { } end)
        {
            wish["duration"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{(long)Math.Max(1, Math.Ceiling((end - time.UtcNow()).TotalSeconds))}s"
            );
        }
        var made = await client.SendAsync(HttpMethod.Post, "key/generate", wish, cancellationToken);
        return LiteLlmJson.Text(made, "token")
            ?? LiteLlmJson.Text(made, "token_id")
            ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Tells LiteLLM of a key that was changed; a failure is logged.</summary>
    public Task UpdateAsync(string keyId) =>
        TellAsync(
            k => k.Key.Id == keyId,
            k =>
                TryAsync(
                    "update",
                    k.Key.Id,
                    "key/update",
                    new JsonObject
                    {
                        ["key"] = k.Key.ExternalId,
                        ["models"] = Models(k.Key),
                        ["blocked"] = !k.MayCall,
                    }
                )
        );

    /// <summary>
    /// Blocks a key that was just registered when it, or its user, is not active: LiteLLM registers all keys as working ones. A failure is
    /// logged.
    /// </summary>
    public Task BlockInactiveAsync(string keyId) => TellAsync(k => k.Key.Id == keyId, k => k.MayCall ? Task.CompletedTask : BlockAsync(k));

    /// <summary>
    /// Blocks the keys of a user who was deactivated, and lets those of one who was activated work again; a failure is logged.
    /// </summary>
    public Task FollowUserAsync(string userId) =>
        TellAsync(k => k.Key.UserId == userId && k.Key.IsActive, k => k.MayCall ? UnblockAsync(k) : BlockAsync(k));

    /// <summary>Takes a key away there; a failure is logged, because here it is dead already.</summary>
    public Task RemoveAsync(string keyId, string token) =>
        TryAsync("delete", keyId, "key/delete", new JsonObject { ["keys"] = new JsonArray(token) });

    public void Dispose() => _oneAtATime.Dispose();

    private static JsonArray Models(ApiKey key) => [.. key.Models.Select(m => JsonValue.Create(m))];

    private Task BlockAsync(OwnedKey k) => TryAsync("block", k.Key.Id, "key/block", new JsonObject { ["key"] = k.Key.ExternalId });

    private Task UnblockAsync(OwnedKey k) => TryAsync("unblock", k.Key.Id, "key/unblock", new JsonObject { ["key"] = k.Key.ExternalId });

    // Without the request's cancellation token: the change stands, whether its caller is still there or not.
    private async Task TellAsync(Expression<Func<OwnedKey, bool>> which, Func<OwnedKey, Task> tell)
    {
        if (!IsOn)
        {
            return;
        }
        await _oneAtATime.WaitAsync();
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            var keys = await db
                .ApiKeys.AsNoTracking()
                .Where(k => k.DeletedAt == null && k.ExternalId != null)
                .Join(db.Users, k => k.UserId, u => u.Id, (k, u) => new OwnedKey { Key = k, UserIsActive = u.IsActive })
                .Where(which)
                .ToListAsync();
            foreach (var key in keys)
            {
                await tell(key);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task TryAsync(string what, string keyId, string path, JsonObject body)
    {
        if (!IsOn)
        {
            return;
        }
        try
        {
            await client.SendAsync(HttpMethod.Post, path, body, CancellationToken.None);
        }
        catch (ApiErrorException fault)
        {
            Log.Failed(logger, what, keyId, fault.Error.Text);
        }
    }

    private sealed class OwnedKey
    {
        public required ApiKey Key { get; init; }

        public required bool UserIsActive { get; init; }

        public bool MayCall => Key.IsActive && UserIsActive;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "LiteLLM did not {What} key {ApiKeyId}: {Reason}.")]
        public static partial void Failed(ILogger logger, string what, string apiKeyId, string reason);
    }
}
