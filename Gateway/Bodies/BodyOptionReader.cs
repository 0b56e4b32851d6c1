using System.Text.Json;
using Gateway.Core.Pricing;

namespace Gateway.Bodies;

/// <summary>Reads the members beside the content that change what a call can use or how it is priced.</summary>
internal static class BodyOptionReader
{
    private static readonly MemberTable<ServiceTierSet> FixedTiers = new([
        ("default", ServiceTierSet.Default),
        ("standard_only", ServiceTierSet.Default),
        ("flex", ServiceTierSet.Default | ServiceTierSet.Flex),
        ("priority", ServiceTierSet.Default | ServiceTierSet.Priority),
    ]);

    /// <summary>Reads the value of a member that means something only when it is not null.</summary>
    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }
        var start = reader.TokenStartIndex;
        switch (member)
        {
            case BodyMember.Functions:
                content.HasTools = !JsonNothing.TrySkip(ref reader) || content.HasTools;
                break;
            case BodyMember.ResponseFormat:
                content.HasResponseFormat = !JsonNothing.TrySkip(ref reader);
                break;
            case BodyMember.WebSearchOptions when reader.TokenType == JsonTokenType.False || vouched.Covers(name):
                break;
            case BodyMember.WebSearchOptions:
                content.NameHostedTool(name); // an empty object too: it is what switches searches on
                break;
            case BodyMember.Audio:
                content.HasAudioOptions = !JsonNothing.TrySkip(ref reader);
                break;
            case BodyMember.ServiceTier:
                content.ServiceTiers = ReadServiceTier(reader);
                break;
            case BodyMember.Modalities:
                ReadModalities(ref reader, ref content);
                break;
            case BodyMember.Prediction:
                break;
            default:
                CostlyMemberReader.Read(ref reader, ref content, member, name, vouched);
                break;
        }
        reader.Skip();
        content.PredictionBytes = member == BodyMember.Prediction ? (int)(reader.BytesConsumed - start) : content.PredictionBytes;
    }

    // The answer may name the default tier whatever was asked for, and any tier when nothing we know was.
    private static ServiceTierSet ReadServiceTier(in Utf8JsonReader reader)
    {
        var tiers = reader.TokenType == JsonTokenType.String ? FixedTiers.Find(reader) : ServiceTierSet.None;
        return tiers == ServiceTierSet.None ? ServiceTierSet.All : tiers;
    }

    private static void ReadModalities(ref Utf8JsonReader reader, ref ContentSummary content)
    {
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        var saysSomething = false;
        var hasAudio = false;
        var hasImage = false;
        while (isArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            saysSomething = true;
            var isString = reader.TokenType == JsonTokenType.String;
            var isAudio = isString && reader.ValueTextEquals("audio"u8);
            var isImage = isString && reader.ValueTextEquals("image"u8);
            var isOther = !isAudio && !isImage && !(isString && reader.ValueTextEquals("text"u8));
            hasAudio |= isAudio || isOther;
            hasImage |= isImage || isOther;
            reader.Skip();
        }
        content.AllowsAudioOutput = hasAudio || !saysSomething;
        content.AllowsImageOutput = hasImage || !saysSomething;
    }
}
