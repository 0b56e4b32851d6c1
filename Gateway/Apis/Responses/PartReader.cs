using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis.Responses;

/// <summary>Counts the parts of an item: texts, images and files, in the body or by reference.</summary>
internal static class PartReader
{
    private static readonly MemberTable<PartMember> Members = new([
        ("image_url", PartMember.ImageUrl),
        ("file_data", PartMember.FileData),
        ("file_url", PartMember.FileReference),
        ("file_id", PartMember.FileReference),
        .. new[] { "type", "text", "refusal", "annotations", "logprobs", "detail", "filename", "encrypted_content" }.Select(name =>
            (name, PartMember.Text)
        ),
    ]);

    private static readonly MemberTable<PartMember> Types = new([
        ("input_text", PartMember.Text),
        ("output_text", PartMember.Text),
        ("text", PartMember.Text),
        ("summary_text", PartMember.Text),
        ("reasoning_text", PartMember.Text),
        ("refusal", PartMember.Text),
        ("input_image", PartMember.ImageUrl),
        ("input_file", PartMember.FileData),
    ]);

    private enum PartMember : byte
    {
        Unknown,
        Text,
        ImageUrl,
        FileData,
        FileReference,
    }

    /// <summary>Reads the value at the reader: a text, or parts.</summary>
    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, string place)
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
                ReadPart(ref reader, ref content, place);
            }
            else if (reader.TokenType != JsonTokenType.String)
            {
                content.AddUnknownPart(place + "[]");
                reader.Skip();
            }
        }
    }

    private static void ReadPart(ref Utf8JsonReader reader, ref ContentSummary content, string place)
    {
        var (kind, types, isOdd, pieces) = (PartMember.Unknown, 0, false, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Members.Find(reader);
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
            {
                kind = ++types == 1 && reader.TokenType == JsonTokenType.String ? Types.Find(reader) : PartMember.Unknown;
            }
            else if (member == PartMember.Unknown)
            {
                isOdd |= !JsonNothing.TrySkip(ref reader);
            }
            else if (member != PartMember.Text && reader.TokenType != JsonTokenType.Null)
            {
                pieces++;
                isOdd |= !TryAddPiece(reader, ref content, member, place);
            }
            reader.Skip();
        }
        // A text brings nothing else, an image or a file one piece.
        if (isOdd || kind == PartMember.Unknown || pieces != (kind == PartMember.Text ? 0 : 1))
        {
            content.AddUnknownPart(place + "[]");
        }
    }

    private static bool TryAddPiece(in Utf8JsonReader reader, ref ContentSummary content, PartMember member, string place)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }
        switch (member)
        {
            case PartMember.ImageUrl when !MediaText.IsData(reader.ValueSpan):
                content.ImageUrls++;
                return true;
            case PartMember.ImageUrl when MediaText.IsImageData(reader.ValueSpan):
                content.InlineImages++;
                content.InlineMediaBytes += reader.ValueSpan.Length;
                return true;
            case PartMember.FileData:
                content.InlineFiles++;
                content.InlineMediaBytes += reader.ValueSpan.Length;
                content.NameUnbounded(place + "[] of type 'input_file'");
                return true;
            case PartMember.FileReference:
                content.FileReferences++;
                content.NameUnbounded(place + "[].file_id");
                return true;
            default:
                return false; // a PDF, a sound or a video under the name of an image
        }
    }
}
