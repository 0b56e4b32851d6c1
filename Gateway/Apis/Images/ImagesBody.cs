using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Json;

namespace Gateway.Apis.Images;

/// <summary>What the bodies of all images APIs may hold, and how it bounds what is made.</summary>
internal static class ImagesBody
{
    /// <summary>The size that is made where none is asked for.</summary>
    public const string UsualSize = "1024x1024";

    /// <summary>The largest size that a provider chooses by itself, where pictures are priced by size.</summary>
    public const string LargestChosenSize = "1792x1024";

    private const string Auto = "auto";
    private const string Size = "size";
    private const string Quality = "quality";
    private const string Partial = "partial_images";

    // Each preview of a stream counts so many tokens.
    private const int TokensPerPreview = 100;

    // The longest of the sizes that `auto` may choose, at OpenAI's models that count tokens.
    private const int MostAutoTokens = 6_240;

    /// <summary>The members that they share.</summary>
    public static (string Name, BodyMember Rule)[] Members { get; } =
    [
        ("model", BodyMember.Model),
        ("n", BodyMember.N),
        ("prompt", BodyMember.Harmless), // text of the body
        (Size, BodyMember.Own),
        (Quality, BodyMember.Own),
        (Partial, BodyMember.Own),
        ("stream", BodyMember.Stream),
        ("response_format", BodyMember.Harmless),
        ("output_format", BodyMember.Harmless),
        ("output_compression", BodyMember.Harmless),
        ("background", BodyMember.Harmless), // of the picture
        ("moderation", BodyMember.Harmless),
        ("style", BodyMember.Harmless),
        ("input_fidelity", BodyMember.Harmless), // images sent are held at their dearest
        ("metadata", BodyMember.Metadata),
        ("litellm_metadata", BodyMember.Metadata),
    ];

    /// <summary>Reads the value of a member of its own.</summary>
    public static Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        if (name == Partial)
        {
            return ReadPreviews(ref reader, ref content);
        }
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > 32)
        {
            return Refusals.InvalidMember(name, "a short text");
        }
        var text = reader.GetString()!;
        if (name == Size ? content.ImageSize is not null : content.ImageQuality is not null)
        {
            return Refusals.DuplicateMember(name);
        }
        if (name == Size && text != Auto && PixelsOf(text) is null)
        {
            return Refusals.InvalidMember(Size, "'auto', or width and height such as '1024x1024'");
        }
        if (name == Size)
        {
            content.ImageSize = text;
        }
        else
        {
            content.ImageQuality = text;
        }
        return null;
    }

    /// <summary>Counts a picture of a form.</summary>
    public static Refusal? ReadFile(string name, ref ContentSummary content)
    {
        if (name is not ("image" or "mask"))
        {
            return Refusals.InvalidForm($"'{ContentSummary.Cut(name)}' is no file here; send pictures as 'image', 'image[]' and 'mask'");
        }
        content.InlineImages++;
        return null;
    }

    /// <summary>Bounds what so many pictures are, by the piece, by the pixel and by the token.</summary>
    public static void Finish(ref ContentSummary content, long choices)
    {
        var size = content.ImageSize is null or Auto ? null : content.ImageSize;
        content.Items = content.Items with { ImagesMade = choices, OutputPixels = choices * (PixelsOf(size ?? LargestChosenSize) ?? 0) };
        var tokens = content.ImageQuality is null or "auto" or "low" or "medium" or "high" or "standard" ? TokensOf(size) : 0;
        content.AnswerTokens = tokens == 0 ? 0 : choices * (tokens + ((long)TokensPerPreview * content.Previews));
    }

    /// <summary>Pixels of a size such as <c>1024x1024</c>; null when it is none.</summary>
    public static long? PixelsOf(string size) => SidesOf(size) is { } sides ? sides.Width * sides.Height : null;

    // A token for each square of 16 pixels a side, and one for each row or column of them: what the best quality counts.
    private static long TokensOf(string? size)
    {
        if (size is null)
        {
            return MostAutoTokens;
        }
        var (width, height) = SidesOf(size)!.Value;
        var (columns, rows) = ((width + 15) / 16, (height + 15) / 16);
        return (columns * rows) + Math.Max(columns, rows);
    }

    private static (long Width, long Height)? SidesOf(string size)
    {
        const long LongestSide = 16_384;
        var mark = size.IndexOf('x', StringComparison.Ordinal);
        return
            mark > 0
            && long.TryParse(size.AsSpan(0, mark), System.Globalization.NumberStyles.None, null, out var width)
            && long.TryParse(size.AsSpan(mark + 1), System.Globalization.NumberStyles.None, null, out var height)
            && width is > 0 and <= LongestSide
            && height is > 0 and <= LongestSide
            ? (width, height)
            : null;
    }

    // A form has it as a text.
    private static Refusal? ReadPreviews(ref Utf8JsonReader reader, ref ContentSummary content)
    {
        const int MostPreviews = 16;
        if (
            reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String)
            || !JsonInteger.TryRead(reader.ValueSpan, out var previews)
            || previews is < 0 or > MostPreviews
        )
        {
            return Refusals.InvalidMember(Partial, $"a whole number from 0 to {MostPreviews}");
        }
        content.Previews = (int)Math.Max(content.Previews, previews);
        return null;
    }
}
