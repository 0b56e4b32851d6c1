using System.Text.Json;

namespace Gateway.Reading;

/// <summary>
/// Members that tell LiteLLM where to send a call, how often, or under whose credential. Under the gateway's own credential they would go round its
/// limits, so they are refused unless the option ALLOWED_STEERING_MEMBERS names them.
/// </summary>
internal sealed class SteeringMembers(IReadOnlyList<string> allowed)
{
    private static readonly string[] Names =
    [
        "fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "default_fallbacks", "disable_fallbacks", "max_fallbacks",
        "num_retries", "max_retries", "retry_policy", "api_base", "base_url", "api_key", "api_version", "user_config", "model_list", "custom_llm_provider",
        "cache", "models", "route",
    ];

    private static readonly string[] Prefixes = ["mock_", "litellm_"];

    /// <summary>The steering name that the property at the reader is, or null when it may pass.</summary>
    public string? Match(in Utf8JsonReader property)
    {
        foreach (var name in Names)
        {
            if (property.ValueTextEquals(name) && !IsAllowed(name))
            {
                return name;
            }
        }
        return MatchPrefix(property);
    }

    /// <summary>Whether the operator vouches for the member at the reader, steering or not.</summary>
    public bool IsAllowed(in Utf8JsonReader property)
    {
        foreach (var name in allowed)
        {
            if (property.ValueTextEquals(name))
            {
                return true;
            }
        }
        return false;
    }

    // Names are short: one that is long or escaped is decoded, which costs an allocation only for odd bodies.
    private string? MatchPrefix(in Utf8JsonReader property)
    {
        if (!property.ValueIsEscaped && (property.ValueSpan.IsEmpty || property.ValueSpan[0] is not ((byte)'m' or (byte)'l')))
        {
            return null;
        }
        var name = property.GetString()!;
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && !IsAllowed(name))
            {
                return name;
            }
        }
        return null;
    }

    private bool IsAllowed(string name) => allowed.Contains(name, StringComparer.Ordinal);
}
