namespace Gateway.Core.Files;

/// <summary>
/// Tells what a file is by its bytes, while they pass: a type by its first ones, and of archives the Word document by the name of its main
/// part. Not thread-safe.
/// </summary>
public sealed class FileSniffer
{
    private const int HeadBytes = 16;

    // In the headers and the directory of a ZIP archive, names stand as they are.
    private static readonly byte[] WordPart = "word/document.xml"u8.ToArray();

    private readonly byte[] _head = new byte[HeadBytes];
    private readonly byte[] _seam = new byte[2 * WordPart.Length];
    private int _headLength;
    private int _tailLength;
    private bool _hasWordPart;

    /// <summary>What the bytes so far are; null: none of the types that are taken.</summary>
    public string? MimeType
    {
        get
        {
            ReadOnlySpan<byte> head = _head.AsSpan(0, _headLength);
            return head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? FileTypes.Jpeg
                : head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? FileTypes.Png
                : head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? FileTypes.Gif
                : head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WEBP"u8) ? FileTypes.Webp
                : head.StartsWith("%PDF-"u8) ? FileTypes.Pdf
                : head.StartsWith("PK\u0003\u0004"u8) && _hasWordPart ? FileTypes.Docx
                : null;
        }
    }

    /// <summary>Looks at the next bytes.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        var head = Math.Min(bytes.Length, HeadBytes - _headLength);
        bytes[..head].CopyTo(_head.AsSpan(_headLength));
        _headLength += head;
        if (!_hasWordPart)
        {
            _hasWordPart = bytes.IndexOf(WordPart) >= 0 || IsAcross(bytes);
            Keep(bytes);
        }
    }

    // The name may begin in one piece and end in the next.
    private bool IsAcross(ReadOnlySpan<byte> bytes)
    {
        var begin = Math.Min(bytes.Length, WordPart.Length - 1);
        bytes[..begin].CopyTo(_seam.AsSpan(_tailLength));
        return _seam.AsSpan(0, _tailLength + begin).IndexOf(WordPart) >= 0;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var longest = WordPart.Length - 1;
        if (bytes.Length >= longest)
        {
            bytes[^longest..].CopyTo(_seam);
            _tailLength = longest;
            return;
        }
        var all = _tailLength + bytes.Length; // the seam holds the tail and, behind it, these bytes
        var cut = Math.Max(0, all - longest);
        _seam.AsSpan(cut, all - cut).CopyTo(_seam);
        _tailLength = all - cut;
    }
}
