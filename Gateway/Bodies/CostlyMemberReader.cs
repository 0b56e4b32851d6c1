using System.Text.Json;
using Gateway.Core.Pricing;

namespace Gateway.Bodies;

/// <summary>
/// Reads members that could raise what a call costs: takes the bound from the value where it has one, lets values pass that ask for
/// nothing, and notes the rest by name. The reader stands at the value.
/// </summary>
internal static class CostlyMemberReader
{
    /// <summary>Reads the value of a member with one of the rules of <see cref="MemberFamilies"/>.</summary>
    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        if (
            reader.TokenType is JsonTokenType.Null or JsonTokenType.False
            || (!MeansSomethingEmpty(member) && JsonNothing.TrySkip(ref reader))
            || vouched.Covers(name)
        )
        {
            reader.Skip();
            return;
        }
        switch (member)
        {
            case BodyMember.OtherMaximum when IsCount(reader, 1, out var maximum):
                content.OtherMaximumTokens = Math.Max(content.OtherMaximumTokens, maximum);
                break;
            case BodyMember.OneOnly when IsCount(reader, long.MinValue, out var count) && count <= 1:
                break;
            case BodyMember.ReasoningBudget when reader.TokenType == JsonTokenType.Number:
                AddReasoning(reader, ref content);
                break;
            case BodyMember.ReasoningOptions:
                ReadReasoning(ref reader, ref content, "max_tokens"u8);
                break;
            case BodyMember.ThinkingOptions:
                ReadReasoning(ref reader, ref content, "budget_tokens"u8);
                break;
            case BodyMember.TemplateArguments:
                ReadTemplateArguments(ref reader, ref content, name, vouched);
                break;
            case BodyMember.UpstreamOptions:
                ReadObject(ref reader, ref content, name, BodyMembers.Options, vouched);
                break;
            case BodyMember.ExtraBody:
                ReadObject(ref reader, ref content, name, BodyMembers.Extra, vouched);
                break;
            case BodyMember.GoogleOptions:
                ReadObject(ref reader, ref content, name, BodyMembers.Google, vouched);
                break;
            case BodyMember.StoredContent:
                content.StoredContents++;
                content.NameUnbounded(name);
                reader.Skip();
                break;
            case BodyMember.SearchParameters when IsOff(ref reader):
                break;
            default:
                content.NameUnknownMember(name, MemberFamilies.ReasonOf(name));
                reader.Skip();
                break;
        }
    }

    private static bool MeansSomethingEmpty(BodyMember member) => member is BodyMember.CostlyEvenEmpty or BodyMember.SearchParameters;

    private static bool IsCount(in Utf8JsonReader reader, long least, out long count)
    {
        count = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out count) && count >= least;
    }

    // Zero and less are "none" and "the model's own".
    private static void AddReasoning(in Utf8JsonReader reader, ref ContentSummary content)
    {
        var tokens =
            reader.TokenType != JsonTokenType.Number ? 0
            : reader.TryGetInt64(out var whole) ? whole
            : CostBound.MaxTokens;
        content.ReasoningBudgetTokens = Math.Max(content.ReasoningBudgetTokens, Math.Min(tokens, CostBound.MaxTokens));
    }

    private static void ReadReasoning(ref Utf8JsonReader reader, ref ContentSummary content, ReadOnlySpan<byte> budget)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBudget = reader.ValueTextEquals(budget);
            reader.Read();
            if (isBudget)
            {
                AddReasoning(reader, ref content);
            }
            reader.Skip();
        }
    }

    // Whatever a template takes is text of the body, unless another template comes with it.
    private static void ReadTemplateArguments(ref Utf8JsonReader reader, ref ContentSummary content, string place, VouchedMembers vouched)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            content.NameUnknownMember(place);
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTemplate = reader.ValueTextEquals("chat_template"u8);
            reader.Read();
            if (isTemplate)
            {
                Read(ref reader, ref content, BodyMember.Costly, place + ".chat_template", vouched);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadObject(
        ref Utf8JsonReader reader,
        ref ContentSummary content,
        string place,
        MemberTable<BodyMember> members,
        VouchedMembers vouched
    )
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            content.NameUnknownMember(place);
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = members.Find(reader, out var name);
            if (member == BodyMember.Harmless)
            {
                reader.Skip();
                continue;
            }
            var path = $"{place}.{name ?? ContentSummary.Cut(reader.GetString()!)}";
            reader.Read();
            Read(ref reader, ref content, member, path, vouched);
        }
    }

    // Off only when the mode is given once: readers differ in which of two they take.
    private static bool IsOff(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }
        var ahead = reader;
        var (modes, isOff) = (0, false);
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isMode = ahead.ValueTextEquals("mode"u8);
            ahead.Read();
            modes += isMode ? 1 : 0;
            isOff |= isMode && ahead.TokenType == JsonTokenType.String && ahead.ValueTextEquals("off"u8);
            ahead.Skip();
        }
        if (!isOff || modes > 1)
        {
            return false;
        }
        reader = ahead;
        return true;
    }
}
