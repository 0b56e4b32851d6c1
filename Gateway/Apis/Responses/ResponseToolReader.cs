using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis.Responses;

/// <summary>
/// Tells the tools of a response apart: those that the client runs, searches of the web, whose rounds <c>max_tool_calls</c> limits and
/// whose fee the catalogue knows, and all others that run at the provider.
/// </summary>
internal static class ResponseToolReader
{
    private static readonly MemberTable<ToolKind> Types = new([
        ("function", ToolKind.Defined),
        ("custom", ToolKind.Defined),
        ("namespace", ToolKind.Defined),
        ("local_shell", ToolKind.ProvidersDefinition),
        ("apply_patch", ToolKind.ProvidersDefinition),
    ]);

    private enum ToolKind : byte
    {
        Hosted,
        Defined,
        ProvidersDefinition,
        Search,
    }

    /// <summary>Reads the value of <c>tools</c>.</summary>
    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, VouchedMembers vouched)
    {
        reader.Read();
        if (JsonNothing.TrySkip(ref reader))
        {
            return;
        }
        content.HasTools = true;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            content.NameHostedTool("tools");
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadTool(ref reader, ref content, vouched);
        }
    }

    private static void ReadTool(ref Utf8JsonReader reader, ref ContentSummary content, VouchedMembers vouched)
    {
        var (kind, types, name) = (ToolKind.Hosted, 0, "tools[]");
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            content.NameHostedTool(name);
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType && ++types == 1 && reader.TokenType == JsonTokenType.String)
            {
                name = reader.GetString()!;
                kind = IsSearch(name) ? ToolKind.Search : Types.Find(reader);
            }
            reader.Skip();
        }
        Judge(ref content, types == 1 ? kind : ToolKind.Hosted, name, vouched);
    }

    private static void Judge(ref ContentSummary content, ToolKind kind, string name, VouchedMembers vouched)
    {
        switch (kind)
        {
            case ToolKind.Defined:
                break;
            case ToolKind.ProvidersDefinition:
                content.ProviderDefinitions++;
                break;
            case ToolKind.Search:
                content.HasSearchTool = true;
                break;
            default:
                if (!vouched.Covers("tools[]." + name))
                {
                    content.NameHostedTool(name);
                }
                break;
        }
    }

    private static bool IsSearch(string type) =>
        type is "web_search" or "web_search_preview"
        || type.StartsWith("web_search_20", StringComparison.Ordinal)
        || type.StartsWith("web_search_preview_20", StringComparison.Ordinal);
}
