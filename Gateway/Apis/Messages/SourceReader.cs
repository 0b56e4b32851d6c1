using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis.Messages;

/// <summary>
/// Reads the <c>source</c> of an image or a document: its bytes in the body, an address, an id of a stored file, or text. False when it is
/// none of these.
/// </summary>
internal static class SourceReader
{
    private static readonly MemberTable<SourceMember> Members = new([
        ("type", SourceMember.Type),
        ("media_type", SourceMember.MediaType),
        ("data", SourceMember.Data),
        ("url", SourceMember.Url),
        ("file_id", SourceMember.FileId),
        ("content", SourceMember.Content),
    ]);

    private enum SourceMember : byte
    {
        Unknown,
        Type,
        MediaType,
        Data,
        Url,
        FileId,
        Content,
    }

    public static bool ReadImage(ref Utf8JsonReader reader, ref ContentSummary content)
    {
        var source = Source.Read(ref reader, ref content, place: null);
        if (!source.IsWhole)
        {
            return false;
        }
        if (source is { Of: SourceMember.Data, IsImage: true })
        {
            content.InlineImages++;
            content.InlineMediaBytes += source.DataBytes;
            return true;
        }
        content.ImageUrls += source.Of == SourceMember.Url ? 1 : 0;
        if (source.Of == SourceMember.FileId)
        {
            content.FileReferences++;
            content.NameUnbounded("messages[].content[] of type 'image'");
        }
        return source.Of is SourceMember.Url or SourceMember.FileId;
    }

    public static bool ReadDocument(ref Utf8JsonReader reader, ref ContentSummary content, string place)
    {
        var source = Source.Read(ref reader, ref content, place);
        if (!source.IsWhole || source.Of == SourceMember.Content || (source.Of == SourceMember.Data && source.IsText))
        {
            return source.IsWhole; // text of the body
        }
        content.NameUnbounded("messages[].content[] of type 'document'");
        if (source.Of == SourceMember.Data)
        {
            content.InlineFiles++;
            content.InlineMediaBytes += source.DataBytes;
            return true;
        }
        content.FileReferences++;
        return true;
    }

    // What the members say, whatever the type says: of two kinds of content in one source nobody knows which is taken.
    private ref struct Source
    {
        private int _contents;
        private bool _isOdd;

        public SourceMember Of { get; private set; }

        public long DataBytes { get; private set; }

        public bool IsImage { get; private set; }

        public bool IsText { get; private set; }

        public readonly bool IsWhole => _contents == 1 && !_isOdd;

        public static Source Read(ref Utf8JsonReader reader, ref ContentSummary content, string? place)
        {
            var source = new Source { _isOdd = reader.TokenType != JsonTokenType.StartObject };
            if (source._isOdd)
            {
                reader.Skip();
                return source;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var member = Members.Find(reader);
                reader.Read();
                source.Take(ref reader, member, ref content, place);
                reader.Skip();
            }
            return source;
        }

        private void Take(ref Utf8JsonReader reader, SourceMember member, ref ContentSummary content, string? place)
        {
            switch (member)
            {
                case SourceMember.Type when reader.TokenType == JsonTokenType.String:
                    IsText = reader.ValueTextEquals("text"u8);
                    break;
                case SourceMember.MediaType when reader.TokenType == JsonTokenType.String:
                    IsImage = MediaText.IsImageType(reader.ValueSpan);
                    break;
                case SourceMember.Data or SourceMember.Url or SourceMember.FileId when reader.TokenType == JsonTokenType.String:
                    _contents++;
                    Of = member;
                    DataBytes += member == SourceMember.Data ? reader.ValueSpan.Length : 0;
                    break;
                case SourceMember.Content when place is not null:
                    _contents++;
                    Of = member;
                    BlockReader.ReadContent(ref reader, ref content, place + "[].source.content");
                    break;
                default:
                    _isOdd |= !JsonNothing.TrySkip(ref reader);
                    break;
            }
        }
    }
}
