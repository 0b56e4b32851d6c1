using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis.Responses;

/// <summary>
/// Counts what the <c>input</c> of a response brings along: a text, or items. An item is of a known kind only when it has no member beside
/// those that items have; what only names something that the upstream keeps has no size that could be told from the body.
/// </summary>
internal static class ItemReader
{
    private static readonly MemberTable<ItemKind> Types = new([
        ("message", ItemKind.Message),
        ("reasoning", ItemKind.Text),
        ("function_call", ItemKind.Text),
        ("function_call_output", ItemKind.Output),
        ("custom_tool_call", ItemKind.Text),
        ("custom_tool_call_output", ItemKind.Output),
        ("local_shell_call", ItemKind.Text),
        ("local_shell_call_output", ItemKind.Output),
        ("shell_call", ItemKind.Text),
        ("shell_call_output", ItemKind.Text),
        ("apply_patch_call", ItemKind.Text),
        ("apply_patch_call_output", ItemKind.Output),
        ("web_search_call", ItemKind.Text),
        ("file_search_call", ItemKind.Text),
        ("code_interpreter_call", ItemKind.Text),
        ("mcp_call", ItemKind.Text),
        ("mcp_list_tools", ItemKind.Text),
        ("tool_search_call", ItemKind.Text),
        ("tool_search_output", ItemKind.Text),
        ("compaction", ItemKind.Text),
        ("compaction_summary", ItemKind.Text),
    ]);

    private static readonly MemberTable<ItemMember> Members = new([
        ("content", ItemMember.Content),
        ("output", ItemMember.Output),
        .. new[]
        {
            "type",
            "role",
            "id",
            "status",
            "phase",
            "name",
            "namespace",
            "call_id",
            "arguments",
            "input",
            "summary",
            "encrypted_content",
            "action",
            "operation",
            "max_output_length",
            "queries",
            "results",
            "code",
            "outputs",
            "container_id",
            "server_label",
            "tools",
            "error",
            "execution",
            "created_by",
        }.Select(name => (name, ItemMember.Text)),
    ]);

    private enum ItemKind : byte
    {
        Unknown,

        /// <summary>All of it is text of the body.</summary>
        Text,

        /// <summary>Its content holds parts.</summary>
        Message,

        /// <summary>Its output is a text or holds parts.</summary>
        Output,
    }

    private enum ItemMember : byte
    {
        Unknown,
        Text,
        Content,
        Output,
    }

    /// <summary>Reads the value at the reader.</summary>
    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, string name)
    {
        if (reader.TokenType == JsonTokenType.String || JsonNothing.TrySkip(ref reader))
        {
            return;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            AddUnknown(ref reader, ref content, name);
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                var (start, unknown) = (reader.TokenStartIndex, content.UnknownParts);
                ReadItem(ref reader, ref content, name);
                content.UnknownPartBytes += content.UnknownParts > unknown ? reader.BytesConsumed - start : 0;
            }
            else
            {
                AddUnknown(ref reader, ref content, name + "[]");
            }
        }
    }

    private static void ReadItem(ref Utf8JsonReader reader, ref ContentSummary content, string place)
    {
        var kind = KindOf(reader, out var type);
        var isOdd = kind == ItemKind.Unknown;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Members.Find(reader);
            reader.Read();
            switch (member)
            {
                case ItemMember.Content when kind == ItemKind.Message:
                    PartReader.Read(ref reader, ref content, place + "[].content");
                    break;
                case ItemMember.Output when kind == ItemKind.Output:
                    PartReader.Read(ref reader, ref content, place + "[].output");
                    break;
                case ItemMember.Unknown:
                    isOdd |= !JsonNothing.TrySkip(ref reader);
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (isOdd)
        {
            content.AddUnknownPart(content.UnboundedPlace is null ? $"{place}[] of type '{type ?? "..."}'" : "");
        }
    }

    // A message may come without a type; one that comes twice is none.
    private static ItemKind KindOf(Utf8JsonReader ahead, out string? type)
    {
        (type, var kind, var types) = (null, ItemKind.Message, 0);
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isType = ahead.ValueTextEquals("type"u8);
            ahead.Read();
            if (isType)
            {
                kind = ++types == 1 && ahead.TokenType == JsonTokenType.String ? Types.Find(ahead, out type) : ItemKind.Unknown;
                type ??= ahead.TokenType == JsonTokenType.String ? ContentSummary.Cut(ahead.GetString()!) : null;
            }
            ahead.Skip();
        }
        return kind;
    }

    private static void AddUnknown(ref Utf8JsonReader reader, ref ContentSummary content, string place)
    {
        if (!JsonNothing.TrySkip(ref reader))
        {
            content.AddUnknownPart(place);
            reader.Skip();
        }
    }
}
