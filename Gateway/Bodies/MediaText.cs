using System.Buffers;
using System.Text.Json;

namespace Gateway.Bodies;

/// <summary>
/// Tells what the text of an image's address is, as it stands in JSON: <c>/</c> may be escaped. What is not surely an image does not count
/// as one.
/// </summary>
internal static class MediaText
{
    /// <summary>A data URL, in any case of letters.</summary>
    public static bool IsData(ReadOnlySpan<byte> url)
    {
        ReadOnlySpan<byte> scheme = "data:"u8;
        if (url.Length < scheme.Length || url.IndexOf((byte)'\\') is >= 0 and < 5)
        {
            return url.Length >= scheme.Length; // letters of the scheme escaped: nothing that an image's address needs
        }
        for (var i = 0; i < scheme.Length; i++)
        {
            if ((url[i] | 0x20) != (scheme[i] | 0x20))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// Text in whose place an upstream may take an image or a video: a data URL, or an address in a store of a cloud anywhere in it.
    /// </summary>
    public static bool MayBeMedia(in Utf8JsonReader text)
    {
        if (!text.ValueIsEscaped)
        {
            return IsDataOrStored(text.ValueSpan);
        }
        var unescaped = ArrayPool<byte>.Shared.Rent(text.ValueSpan.Length);
        try
        {
            return IsDataOrStored(unescaped.AsSpan(0, text.CopyString(unescaped)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unescaped);
        }
    }

    private static bool IsDataOrStored(ReadOnlySpan<byte> text) =>
        IsData(text.TrimStart(" \t\r\n"u8)) || text.IndexOf("gs://"u8) >= 0 || text.IndexOf("s3://"u8) >= 0;

    /// <summary>A data URL of a still image.</summary>
    public static bool IsImageData(ReadOnlySpan<byte> url)
    {
        if (!url.StartsWith("data:"u8))
        {
            return false;
        }
        var end = url.IndexOfAny(";,"u8);
        return end > 0 && IsImageType(url[5..end]);
    }

    /// <summary>The media type of an image that has one size, known to providers.</summary>
    public static bool IsImageType(ReadOnlySpan<byte> type)
    {
        if (!type.StartsWith("image"u8))
        {
            return false;
        }
        var name = type[5..];
        name =
            name.StartsWith("\\/"u8) ? name[2..]
            : name.StartsWith("/"u8) ? name[1..]
            : default;
        return name.SequenceEqual("png"u8)
            || name.SequenceEqual("jpeg"u8)
            || name.SequenceEqual("jpg"u8)
            || name.SequenceEqual("webp"u8)
            || name.SequenceEqual("gif"u8);
    }
}
