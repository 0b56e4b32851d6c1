using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis.Chat;

/// <summary>
/// One part of a message's content, gathered member by member and judged at its end, because <c>type</c> may come last. A part is of a
/// known kind only when it has no member beside those of its type: an upstream may look at members first and at the type later.
/// </summary>
internal struct ContentPart
{
    private static readonly MemberTable<PartMember> Members = new([
        ("type", PartMember.Type),
        ("text", PartMember.Text),
        ("refusal", PartMember.Refusal),
        ("image_url", PartMember.ImageUrl),
        ("input_audio", PartMember.InputAudio),
        ("file", PartMember.File),
        ("thinking", PartMember.Thinking),
        ("data", PartMember.Data),
        ("reasoning", PartMember.Thinking),
        .. MessageFamilies.PartLabels.SelectMany(g => g.Names).Select(name => (name, PartMember.Label)),
    ]);

    private static readonly MemberTable<PartMember> Types = new([
        ("text", PartMember.Text),
        ("refusal", PartMember.Refusal),
        ("image_url", PartMember.ImageUrl),
        ("input_audio", PartMember.InputAudio),
        ("file", PartMember.File),
        ("input_text", PartMember.Text),
        ("output_text", PartMember.Text),
        ("thinking", PartMember.Thinking),
        ("redacted_thinking", PartMember.Data),
        ("reasoning", PartMember.Thinking),
    ]);

    private static readonly MemberTable<ImageMember> ImageMembers = new([
        ("url", ImageMember.Url),
        ("detail", ImageMember.Detail),
        ("format", ImageMember.Format),
    ]);

    private PartMember _members;
    private PartMember _type;
    private string? _typeName;
    private int _inlineImages;
    private int _imageUrls;
    private bool _isOtherMedia;
    private bool _hasFileReference;
    private long _mediaBytes;

    [Flags]
    private enum PartMember : short
    {
        Unknown = 0,
        Type = 1,
        Text = 2,
        Refusal = 4,
        ImageUrl = 8,
        InputAudio = 16,
        File = 32,
        Label = 64,
        Other = 128,
        Thinking = 256, // earlier reasoning, as text
        Data = 512, // earlier reasoning, encrypted
    }

    private enum ImageMember : byte
    {
        Unknown,
        Url,
        Detail,
        Format,
    }

    /// <summary>Reads the object at the reader.</summary>
    public static ContentPart Read(ref Utf8JsonReader reader)
    {
        var part = default(ContentPart);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Members.Find(reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null && (member != PartMember.Unknown || !JsonNothing.TrySkip(ref reader)))
            {
                part.ReadValue(ref reader, member);
            }
        }
        return part;
    }

    /// <summary>Counts the part by its kind.</summary>
    public readonly void AddTo(ref ContentSummary content)
    {
        var isWhole = _type != PartMember.Unknown && (_members & ~(_type | PartMember.Type | PartMember.Label)) == 0;
        if (!isWhole || _isOtherMedia)
        {
            content.AddUnknownPart(content.UnboundedPlace is null ? Place(_typeName ?? "...") : "");
            return;
        }
        content.InlineMediaBytes += _mediaBytes;
        switch (_type)
        {
            case PartMember.ImageUrl:
                content.InlineImages += _inlineImages;
                content.ImageUrls += _imageUrls;
                break;
            case PartMember.InputAudio:
                content.InlineAudio++;
                content.NameUnbounded(Place("input_audio"));
                break;
            case PartMember.File:
                content.FileReferences += _hasFileReference ? 1 : 0;
                content.InlineFiles += _hasFileReference ? 0 : 1;
                content.NameUnbounded(Place("file"));
                break;
        }
    }

    private static string Place(string type) => $"messages[].content[] of type '{type}'";

    private void ReadValue(ref Utf8JsonReader reader, PartMember member)
    {
        switch (member)
        {
            case PartMember.Type:
                ReadType(ref reader);
                break;
            case PartMember.ImageUrl:
                ReadImage(ref reader);
                break;
            case PartMember.InputAudio or PartMember.File:
                ReadMedia(ref reader, member);
                break;
            default:
                reader.Skip();
                break;
        }
        _members |= member == PartMember.Unknown ? PartMember.Other : member;
    }

    private void ReadType(ref Utf8JsonReader reader)
    {
        var isFirst = (_members & PartMember.Type) == 0;
        var isString = reader.TokenType == JsonTokenType.String;
        _type = isFirst && isString ? Types.Find(reader, out _typeName) : PartMember.Unknown;
        if (isString && _type == PartMember.Unknown)
        {
            _typeName = ContentSummary.Cut(reader.GetString()!);
        }
        reader.Skip();
    }

    private void ReadImage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            AddImage(reader);
            return;
        }
        _isOtherMedia |= reader.TokenType != JsonTokenType.StartObject;
        if (_isOtherMedia)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = ImageMembers.Find(reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }
            // Some upstreams believe the format rather than the address.
            _isOtherMedia |=
                member == ImageMember.Unknown
                || reader.TokenType != JsonTokenType.String
                || (member == ImageMember.Format && !MediaText.IsImageType(reader.ValueSpan));
            if (member == ImageMember.Url && reader.TokenType == JsonTokenType.String)
            {
                AddImage(reader);
            }
            reader.Skip();
        }
    }

    private void AddImage(in Utf8JsonReader url)
    {
        if (!MediaText.IsData(url.ValueSpan))
        {
            _imageUrls++;
        }
        else if (MediaText.IsImageData(url.ValueSpan))
        {
            _inlineImages++;
            _mediaBytes += url.ValueSpan.Length;
        }
        else
        {
            _isOtherMedia = true; // a PDF, audio or video under the name of an image
        }
    }

    private void ReadMedia(ref Utf8JsonReader reader, PartMember member)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _isOtherMedia = true;
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReference = reader.ValueTextEquals("file_id"u8);
            var isData = reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("file_data"u8);
            reader.Read();
            _hasFileReference |= member == PartMember.File && isReference && reader.TokenType != JsonTokenType.Null;
            if (isData && reader.TokenType == JsonTokenType.String)
            {
                _mediaBytes += reader.ValueSpan.Length;
            }
            reader.Skip();
        }
    }
}
