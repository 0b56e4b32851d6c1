using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis.Messages;

/// <summary>
/// Counts what blocks of content bring along. A block is of a known kind only when it has no member beside those that blocks have: an
/// upstream may look at members first and at the type later.
/// </summary>
internal static class BlockReader
{
    private static readonly MemberTable<BlockKind> Types = new([
        ("text", BlockKind.Text),
        ("thinking", BlockKind.Text),
        ("redacted_thinking", BlockKind.Text),
        ("tool_use", BlockKind.Text),
        ("server_tool_use", BlockKind.Text),
        ("mcp_tool_use", BlockKind.Text),
        ("tool_reference", BlockKind.Text),
        ("web_search_tool_result", BlockKind.Text),
        ("code_execution_tool_result", BlockKind.Text),
        ("bash_code_execution_tool_result", BlockKind.Text),
        ("text_editor_code_execution_tool_result", BlockKind.Text),
        ("tool_search_tool_result", BlockKind.Text),
        ("tool_result", BlockKind.Blocks),
        ("mcp_tool_result", BlockKind.Blocks),
        ("search_result", BlockKind.Blocks),
        ("image", BlockKind.Image),
        ("document", BlockKind.Document),
    ]);

    private static readonly MemberTable<BlockMember> Members = new([
        ("content", BlockMember.Content),
        ("source", BlockMember.Source),
        .. new[]
        {
            "type",
            "text",
            "thinking",
            "signature",
            "data",
            "id",
            "name",
            "input",
            "caller",
            "tool_use_id",
            "tool_name",
            "server_name",
            "is_error",
            "cache_control",
            "citations",
            "title",
            "context",
        }.Select(name => (name, BlockMember.Text)),
    ]);

    private enum BlockKind : byte
    {
        Unknown,

        /// <summary>All of it is text of the body.</summary>
        Text,

        /// <summary>Its content holds blocks again.</summary>
        Blocks,
        Image,
        Document,
    }

    private enum BlockMember : byte
    {
        Unknown,
        Text,
        Content,
        Source,
    }

    /// <summary>Reads content: a text, or a list of blocks. The reader stands at the value.</summary>
    public static void ReadContent(ref Utf8JsonReader reader, ref ContentSummary content, string place)
    {
        if (reader.TokenType == JsonTokenType.String || JsonNothing.TrySkip(ref reader))
        {
            return;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            content.AddUnknownPart(place);
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                var (start, unknown) = (reader.TokenStartIndex, content.UnknownParts);
                ReadBlock(ref reader, ref content, place);
                content.UnknownPartBytes += content.UnknownParts > unknown ? reader.BytesConsumed - start : 0;
            }
            else if (reader.TokenType != JsonTokenType.String)
            {
                content.AddUnknownPart(place + "[]");
                reader.Skip();
            }
        }
    }

    private static void ReadBlock(ref Utf8JsonReader reader, ref ContentSummary content, string place)
    {
        var kind = KindOf(reader, out var type);
        var (sources, isOdd) = (0, kind == BlockKind.Unknown);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Members.Find(reader);
            reader.Read();
            switch (member)
            {
                case BlockMember.Content when kind == BlockKind.Blocks:
                    ReadContent(ref reader, ref content, place + "[].content");
                    break;
                case BlockMember.Source when kind == BlockKind.Image:
                    isOdd |= !SourceReader.ReadImage(ref reader, ref content);
                    sources++;
                    break;
                case BlockMember.Source when kind == BlockKind.Document:
                    isOdd |= !SourceReader.ReadDocument(ref reader, ref content, place);
                    sources++;
                    break;
                case BlockMember.Source when reader.TokenType == JsonTokenType.String:
                case BlockMember.Text or BlockMember.Content:
                    reader.Skip();
                    break;
                default:
                    isOdd |= !JsonNothing.TrySkip(ref reader);
                    reader.Skip();
                    break;
            }
        }
        if (isOdd || (kind is BlockKind.Image or BlockKind.Document && sources != 1))
        {
            content.AddUnknownPart(content.UnboundedPlace is null ? $"{place}[] of type '{type ?? "..."}'" : "");
        }
    }

    // The type may come last, and is none when it comes twice.
    private static BlockKind KindOf(Utf8JsonReader ahead, out string? type)
    {
        (type, var kind, var types) = (null, BlockKind.Unknown, 0);
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isType = ahead.ValueTextEquals("type"u8);
            ahead.Read();
            if (isType && ++types == 1 && ahead.TokenType == JsonTokenType.String)
            {
                kind = Types.Find(ahead, out type);
                type ??= ContentSummary.Cut(ahead.GetString()!);
            }
            ahead.Skip();
        }
        return types == 1 ? kind : BlockKind.Unknown;
    }
}
