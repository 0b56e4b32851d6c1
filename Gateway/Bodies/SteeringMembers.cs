using System.Text;
using System.Text.Json;

namespace Gateway.Bodies;

/// <summary>
/// Members that tell LiteLLM where to send a call, how often, or under whose credential. Under the gateway's own credential they would go
/// round its limits, so they are refused unless the option ALLOWED_STEERING_MEMBERS names them. Which they are is data: see
/// <see cref="SteeringData"/>.
/// </summary>
internal sealed class SteeringMembers(IReadOnlyList<string> allowed)
{
    private static readonly SteeringData Data = SteeringData.Load();

    /// <summary>The steering name that the property at the top of a body is, or null when it may pass.</summary>
    public string? Match(in Utf8JsonReader property)
    {
        Data.Body.Find(property, out var name);
        name ??= MatchPrefix(property, Data.Prefixes);
        return name is null || IsAllowed(name) ? null : name;
    }

    /// <summary>What becomes of the property within metadata.</summary>
    /// <param name="property">The reader at the property.</param>
    /// <param name="name">The steering name that it is; null: none.</param>
    public SteeringRule MatchInMetadata(in Utf8JsonReader property, out string? name)
    {
        var rule = Data.Metadata.Find(property, out name);
        if (name is null && MatchPrefix(property, Data.MetadataPrefixes) is { } prefixed)
        {
            (rule, name) = (SteeringRule.Always, prefixed);
        }
        return name is null || IsAllowed(name) ? SteeringRule.None : rule;
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

    // A name that is escaped is decoded, which costs an allocation only for odd bodies.
    private static string? MatchPrefix(in Utf8JsonReader property, byte[][] prefixes)
    {
        ReadOnlySpan<byte> name = property.ValueIsEscaped ? Encoding.UTF8.GetBytes(property.GetString()!) : property.ValueSpan;
        foreach (var prefix in prefixes)
        {
            if (name.StartsWith(prefix))
            {
                return property.GetString()!;
            }
        }
        return null;
    }

    private bool IsAllowed(string name) => allowed.Contains(name, StringComparer.Ordinal);
}
