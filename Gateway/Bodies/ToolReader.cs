using System.Text.Json;
using Gateway.Core.Json;

namespace Gateway.Bodies;

/// <summary>
/// Tells tools that the client runs from tools that run at the provider, in rounds that read the prompt again and may cost a fee.
/// </summary>
internal static class ToolReader
{
    // The one search whose rounds `max_uses` limits. Later ones of the same provider run code, which searches and reads in rounds of its
    // own.
    private const string LimitedSearch = "web_search_20250305";

    private static readonly MemberTable<ToolMember> Members = new([
        ("type", ToolMember.Type),
        ("function", ToolMember.Definition),
        ("custom", ToolMember.Definition),
        ("input_schema", ToolMember.Definition),
        .. ToolFamilies.Texts.SelectMany(g => g.Names).Select(name => (name, ToolMember.Text)),
        ("max_uses", ToolMember.MaxUses),
        ("allowed_domains", ToolMember.Search),
        ("blocked_domains", ToolMember.Search),
        ("user_location", ToolMember.Search),
    ]);

    private enum ToolMember : byte
    {
        Unknown,
        Type,
        Definition,
        Text,
        MaxUses,
        Search,
    }

    /// <summary>Reads the value of <c>tools</c>.</summary>
    /// <param name="reader">Stands at the member's name.</param>
    /// <param name="content">Where they are counted.</param>
    /// <param name="vouched">Members that the operator says cannot raise the cost.</param>
    /// <param name="clientTools">How the types of tools begin that the client runs though they have no definition.</param>
    public static void Read(
        ref Utf8JsonReader reader,
        ref ContentSummary content,
        VouchedMembers vouched,
        IReadOnlyList<string>? clientTools = null
    )
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            if (!JsonNothing.TrySkip(ref reader))
            {
                content.NameHostedTool("tools");
                reader.Skip();
            }
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            content.HasTools = true;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadTool(ref reader, ref content, vouched, clientTools ?? []);
            }
            else
            {
                content.NameHostedTool("tools[]");
                reader.Skip();
            }
        }
    }

    private static void ReadTool(
        ref Utf8JsonReader reader,
        ref ContentSummary content,
        VouchedMembers vouched,
        IReadOnlyList<string> clientTools
    )
    {
        string? hosted = null; // what makes it one that runs at the provider
        var isDefined = false;
        var isSearch = false;
        var isOther = false; // something that is neither a definition nor a limited search
        long? searches = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Members.Find(reader);
            var name = member == ToolMember.Unknown ? reader.GetString()! : null;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }
            switch (member)
            {
                case ToolMember.Type when reader.TokenType == JsonTokenType.String:
                    if (reader.ValueTextEquals("function"u8) || reader.ValueTextEquals("custom"u8))
                    {
                        isDefined = true;
                        break;
                    }
                    var type = reader.GetString()!;
                    if (clientTools.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)))
                    {
                        isDefined = true;
                        content.ProviderDefinitions++;
                        break;
                    }
                    hosted ??= type;
                    isSearch |= type == LimitedSearch;
                    isOther |= type != LimitedSearch;
                    break;
                case ToolMember.Definition:
                    isDefined = true;
                    break;
                case ToolMember.MaxUses
                    when reader.TokenType == JsonTokenType.Number
                        && JsonInteger.TryRead(reader.ValueSpan, out var uses)
                        && uses is >= 0 and <= ContentSummary.MostSearches:
                    searches = Math.Max(searches ?? 0, uses);
                    break;
                case ToolMember.Text or ToolMember.Search:
                    break;
                case ToolMember.Unknown when IsFlag(reader) || vouched.Covers("tools[]." + name):
                    isOther = true; // not enough to make a tool, nor to take one for hosted
                    break;
                default:
                    hosted ??= name ?? "tools[]";
                    isOther = true;
                    break;
            }
            reader.Skip();
        }
        if (isDefined && hosted is null)
        {
            return;
        }
        if (isSearch && searches is { } limited && !isOther && !isDefined)
        {
            content.AddLimitedSearches(limited);
        }
        else
        {
            content.NameHostedTool(hosted ?? "tools[]");
        }
    }

    // What runs at a provider is named by its type or brings an object of its own; a switch or number beside a definition does not make one
    // of it.
    private static bool IsFlag(Utf8JsonReader value) =>
        value.TokenType switch
        {
            JsonTokenType.StartObject => false,
            JsonTokenType.StartArray => value.Read() && value.TokenType == JsonTokenType.EndArray,
            _ => true,
        };
}
