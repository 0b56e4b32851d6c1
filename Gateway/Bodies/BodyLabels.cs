using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.Bodies;

/// <summary>
/// What a body says of its end user and its tags, as it stands there. Client libraries fill these members by themselves: whatever stands
/// there, no call is refused for it.
/// </summary>
internal struct BodyLabels
{
    private const int LongestRead = 1_024;

    /// <summary><c>user</c>.</summary>
    public string? User;

    /// <summary><c>safety_identifier</c>, which OpenAI has in place of <c>user</c>.</summary>
    public string? SafetyIdentifier;

    /// <summary><c>metadata.user_id</c>, as Anthropic has it.</summary>
    public string? MetadataUser;

    /// <summary><c>metadata.tags</c>, where it is a text.</summary>
    public string? Tags;

    /// <summary>The end user by the first of the members that has one.</summary>
    public readonly string? EndUser => User ?? SafetyIdentifier ?? MetadataUser;

    /// <summary>Takes the value of a member at the top.</summary>
    /// <param name="name">The member.</param>
    /// <param name="reader">At the value.</param>
    public void Take(string? name, in Utf8JsonReader reader)
    {
        switch (name)
        {
            case "user":
                User = TextOf(reader);
                break;
            case "safety_identifier":
                SafetyIdentifier = TextOf(reader);
                break;
        }
    }

    /// <summary>Takes the value of a member of <c>metadata</c>, whose name stands in <paramref name="property"/>.</summary>
    public void TakeOfMetadata(in Utf8JsonReader property, in Utf8JsonReader value)
    {
        if (property.ValueTextEquals("user_id"u8))
        {
            MetadataUser = TextOf(value);
        }
        else if (property.ValueTextEquals("tags"u8))
        {
            Tags = TextOf(value);
        }
    }

    // What is very long is nobody's name: its hash stands for it, so that a body's size is not taken twice.
    private static string? TextOf(in Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty ? null
        : reader.ValueSpan.Length <= LongestRead ? reader.GetString()
        : EndUserText.Hashed(SHA256.HashData(reader.ValueSpan));
}
