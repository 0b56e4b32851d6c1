using System.Security.Cryptography;
using System.Text;

namespace Gateway.Sandbox.Wire;

/// <summary>Who may call: the same headers, order and refusals as LiteLLM with a master key and without a database.</summary>
internal sealed class SandboxKeys(IEnumerable<string> keys, LiteLlmBehaviour behaviour)
{
    // The first header that is there decides; Authorization needs its Bearer prefix.
    private static readonly string[] KeyHeaders =
    [
        "x-litellm-api-key",
        "Authorization",
        "api-key",
        "x-api-key",
        "x-goog-api-key",
        "Ocp-Apim-Subscription-Key",
    ];

    private readonly Dictionary<string, string> _hashes = keys.Distinct().ToDictionary(key => key, HashPrefix, StringComparer.Ordinal);

    /// <summary>Whether the caller is known; when not, the refusal that LiteLLM would send.</summary>
    /// <param name="http">The call.</param>
    /// <param name="hash">The first 12 hex digits of the key's SHA-256.</param>
    /// <param name="refusal">The answer to send otherwise.</param>
    public bool TryAuthenticate(HttpContext http, out string hash, out LiteLlmError refusal)
    {
        hash = "";
        refusal = default;
        var presented = Presented(http.Request.Headers, out var malformed);
        if (presented is not null && _hashes.TryGetValue(presented, out hash!))
        {
            return true;
        }
        refusal = (presented, malformed) switch
        {
            (_, true) => Unauthorized("Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` prefix."),
            (null, _) => Unauthorized("Authentication Error, No api key passed in."),
            _ => new LiteLlmError(400, "No connected db.", "no_db_connection", null),
        };
        return false;
    }

    /// <summary>Answers the refusal, if there is one.</summary>
    public async Task<bool> RefusedAsync(HttpContext http)
    {
        if (TryAuthenticate(http, out _, out var refusal))
        {
            return false;
        }
        await refusal.WriteAsync(http);
        return true;
    }

    private LiteLlmError Unauthorized(string message) =>
        new(401, message, "auth_error", behaviour == LiteLlmBehaviour.Legacy ? "None" : null);

    private static string? Presented(IHeaderDictionary headers, out bool malformed)
    {
        malformed = false;
        foreach (var name in KeyHeaders)
        {
            if (!headers.TryGetValue(name, out var values) || values.ToString() is not { Length: > 0 } value)
            {
                continue;
            }
            var hasPrefix = value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
            malformed = name == "Authorization" && !hasPrefix;
            return hasPrefix ? value[7..].Trim() : value;
        }
        return null;
    }

    private static string HashPrefix(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..12];
}
