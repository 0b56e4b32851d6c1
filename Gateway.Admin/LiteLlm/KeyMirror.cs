using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.LiteLlm;

/// <summary>Keeps keys at LiteLLM too, so that they work there (section 4.4.11), when the option says so. LiteLLM never learns of what is kept here beyond that.</summary>
internal sealed partial class KeyMirror(LiteLlmClient client, HubOptions options, TimeProvider time, ILogger<KeyMirror> logger)
{
    private const int AliasIdLength = 8;

    public bool IsOn => options.MirrorKeys && options.LiteLlmBaseUrls.Count > 0;   // the sandbox keeps no keys

    /// <summary>Registers a key.</summary>
    /// <returns>LiteLLM's token of it.</returns>
    /// <exception cref="ApiErrorException">LiteLLM did not take it.</exception>
    public async Task<string> RegisterAsync(ApiKey key, string text, CancellationToken cancellationToken)
    {
        // Not the row's id: its first characters are the minute, and LiteLLM wants one alias per key. A renewed key stands beside the old one for a moment.
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
            wish["duration"] = string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Max(1, Math.Ceiling((end - time.UtcNow()).TotalSeconds))}s");
        }
        var made = await client.SendAsync(HttpMethod.Post, "key/generate", wish, cancellationToken);
        return LiteLlmJson.Text(made, "token") ?? LiteLlmJson.Text(made, "token_id") ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Tells LiteLLM of a change; a failure is logged.</summary>
    public Task UpdateAsync(ApiKey key, CancellationToken cancellationToken) => key.ExternalId is not { } token
        ? Task.CompletedTask
        : TryAsync("update", key.Id, "key/update", new JsonObject { ["key"] = token, ["models"] = Models(key), ["blocked"] = !key.IsActive }, cancellationToken);

    /// <summary>Takes a key away there; a failure is logged, because here it is dead already.</summary>
    public Task RemoveAsync(string keyId, string token) => TryAsync("delete", keyId, "key/delete", new JsonObject { ["keys"] = new JsonArray(token) }, CancellationToken.None);

    private static JsonArray Models(ApiKey key) => [.. key.Models.Select(m => JsonValue.Create(m))];

    private async Task TryAsync(string what, string keyId, string path, JsonObject body, CancellationToken cancellationToken)
    {
        if (!IsOn)
        {
            return;
        }
        try
        {
            await client.SendAsync(HttpMethod.Post, path, body, cancellationToken);
        }
        catch (ApiErrorException fault)
        {
            Log.Failed(logger, what, keyId, fault.Error.Text);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "LiteLLM did not {What} key {ApiKeyId}: {Reason}.")]
        public static partial void Failed(ILogger logger, string what, string apiKeyId, string reason);
    }
}
