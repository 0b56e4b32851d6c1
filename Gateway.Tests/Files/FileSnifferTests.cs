using Gateway.Core.Files;

namespace Gateway.Tests.Files;

/// <summary>What a file is does not depend on how its bytes were cut.</summary>
public sealed class FileSnifferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(1_000)]
    public void A_word_document_is_known_however_it_is_cut(int piece)
    {
        byte[] file = [.. "PK\u0003\u0004"u8, .. new byte[37], .. "word/document.xml"u8, .. new byte[11]];
        Assert.Equal(FileTypes.Docx, Sniff(file, piece));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void A_picture_is_known_by_its_first_bytes(int piece)
    {
        Assert.Equal(FileTypes.Webp, Sniff([.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8], piece));
        Assert.Null(Sniff([.. "RIFF"u8, 1, 2, 3, 4, .. "WAVEfmt "u8], piece));
    }

    private static string? Sniff(byte[] file, int piece)
    {
        var sniffer = new FileSniffer();
        foreach (var chunk in file.Chunk(piece))
        {
            sniffer.Feed(chunk);
        }
        return sniffer.MimeType;
    }
}
