using System.Text.Json;
using Gateway.Calls;

namespace Gateway.Bodies;

/// <summary>
/// Reads the members whose own members LiteLLM acts on: <c>metadata</c>, and <c>extra_body</c>, whose members it puts over the body's. What
/// would be refused at the top is refused there too, and so is, in <c>extra_body</c>, whatever the gateway reads at the top.
/// </summary>
internal sealed class NestedMembers(SteeringMembers steering)
{
    /// <summary>The name of the member that is put over the body.</summary>
    public const string ExtraBodyName = "extra_body";

    /// <inheritdoc cref="ExtraBodyName"/>
    public static ReadOnlySpan<byte> ExtraBody => "extra_body"u8;

    /// <summary>Reads the value of <c>metadata</c> or <c>litellm_metadata</c>.</summary>
    public Refusal? ReadMetadata(ref Utf8JsonReader reader, string path, ref BodyLabels labels)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return SkipOther(ref reader, path);
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var rule = steering.MatchInMetadata(reader, out var name);
            var property = reader;
            reader.Read();
            if (
                rule == SteeringRule.Always
                || (rule == SteeringRule.UnlessText && reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            )
            {
                return Refusals.SteeringMember($"{path}.{name}");
            }
            labels.TakeOfMetadata(property, reader);
            reader.Skip();
        }
        return null;
    }

    /// <summary>Reads the value of <c>extra_body</c>.</summary>
    public Refusal? ReadExtraBody(ref Utf8JsonReader reader, MemberTable<BodyMember> members, string path)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return SkipOther(ref reader, path);
        }
        BodyLabels ignored = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var refusal =
                steering.Match(reader) is { } steers ? Refusals.SteeringMember($"{path}.{steers}")
                : members.Find(reader, out var name) is var member && Decides(member) && !steering.IsAllowed(reader)
                    ? Refusals.SteeringMember($"{path}.{name}")
                : member == BodyMember.Metadata ? ReadMetadata(ref reader, $"{path}.metadata", ref ignored)
                : reader.ValueTextEquals(ExtraBody) ? ReadExtraBody(ref reader, members, $"{path}.{ExtraBodyName}")
                : SkipValue(ref reader);
            if (refusal is not null)
            {
                return refusal;
            }
        }
        return null;
    }

    private static bool Decides(BodyMember member) => member is >= BodyMember.Model and < BodyMember.StoredContent;

    private static Refusal? SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
        return null;
    }

    // LiteLLM reads an object also when it is written as a text.
    private static Refusal? SkipOther(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType == JsonTokenType.String && IsObjectText(reader))
        {
            return Refusals.InvalidMember(path, "an object");
        }
        reader.Skip();
        return null;
    }

    private static bool IsObjectText(in Utf8JsonReader text) =>
        text.ValueIsEscaped
            ? text.GetString().AsSpan().TrimStart().StartsWith("{")
            : text.ValueSpan.TrimStart(" \t\r\n"u8).StartsWith("{"u8);
}
