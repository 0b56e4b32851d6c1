using System.Buffers;
using System.Text;

namespace Gateway.Bodies;

/// <summary>
/// Bytes that a body's text may grow by before it is cut into tokens: some tokenizers bring text into Unicode's compatibility form (NFKC)
/// first, and a sign such as U+FDFA, three bytes, then becomes a phrase of 33. One token per byte is a bound only of what stands there
/// afterwards.
/// </summary>
internal static class TextGrowth
{
    // The first bytes, in UTF-8, of all that is in the table; most scripts have none of them, or only few.
    private static readonly SearchValues<byte> LeadBytes = SearchValues.Create([
        0xC2,
        0xC4,
        0xC5,
        0xC6,
        0xC7,
        0xCB,
        0xCD,
        0xCE,
        0xD6,
        0xD9,
        0xE0,
        0xE1,
        0xE2,
        0xE3,
        0xEF,
        0xF0,
    ]);

    // Ascending. The most bytes, in UTF-8, by which one character of the range gets longer; ranges are drawn generously.
    private static readonly (int First, int Last, int Bytes)[] Ranges =
    [
        (0xA8, 0xBE, 3),
        (0x13F, 0x1C6, 1),
        (0x2D8, 0x2DD, 1),
        (0x344, 0x385, 3),
        (0x587, 0x587, 2),
        (0x675, 0x678, 2),
        (0x958, 0xB5D, 3),
        (0xE33, 0xEDD, 3),
        (0xF43, 0xFB9, 6),
        (0x1FC1, 0x1FEE, 2),
        (0x2033, 0x2057, 9),
        (0x2150, 0x2189, 3),
        (0x222C, 0x2230, 6),
        (0x247D, 0x2487, 1),
        (0x2A0C, 0x2A0C, 9),
        (0x2ADC, 0x2ADC, 2),
        (0x309B, 0x309F, 3),
        (0x30FF, 0x30FF, 3),
        (0x3200, 0x3243, 5),
        (0x327C, 0x327D, 3),
        (0x32C0, 0x32CB, 2),
        (0x32FF, 0x3389, 15),
        (0x33A7, 0x33FE, 5),
        (0xFA6C, 0xFAD7, 1),
        (0xFB13, 0xFB4F, 3),
        (0xFBDD, 0xFDC7, 3),
        (0xFDF0, 0xFDFC, 30),
        (0xFE71, 0xFEFC, 1),
        (0x1D15E, 0x1D1C0, 8),
        (0x1F12A, 0x1F12A, 3),
        (0x1F200, 0x1F201, 2),
        (0x1F240, 0x1F248, 5),
    ];

    /// <summary>An upper bound of the growth; zero for nearly all text, which costs two scans.</summary>
    public static long Of(ReadOnlySpan<byte> json) => OfPlain(json) + OfEscaped(json);

    private static int OfCharacter(int codePoint)
    {
        var low = 0;
        var high = Ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint > Ranges[middle].Last)
            {
                low = middle + 1;
            }
            else if (codePoint < Ranges[middle].First)
            {
                high = middle - 1;
            }
            else
            {
                return Ranges[middle].Bytes;
            }
        }
        return 0;
    }

    private static long OfPlain(ReadOnlySpan<byte> json)
    {
        var growth = 0L;
        for (var at = json.IndexOfAny(LeadBytes); at >= 0; at = json.IndexOfAny(LeadBytes))
        {
            Rune.DecodeFromUtf8(json[at..], out var character, out var length);
            growth += OfCharacter(character.Value);
            json = json[(at + length)..];
        }
        return growth;
    }

    // An escape is six bytes long, at least three more than its character; a pair of them is never shorter than what it becomes.
    private static long OfEscaped(ReadOnlySpan<byte> json)
    {
        const int Digits = 4;
        var growth = 0L;
        for (var at = json.IndexOf("\\u"u8); at >= 0 && json.Length - at - 2 >= Digits; at = json.IndexOf("\\u"u8))
        {
            json = json[(at + 2)..];
            growth += Math.Max(0, OfCharacter(HexValue(json[..Digits])) - 3);
        }
        return growth;
    }

    // What is no number, because the backslash before it was itself escaped, is none of the table either.
    private static int HexValue(ReadOnlySpan<byte> digits) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out ushort value, out var consumed, 'x') && consumed == digits.Length ? value : 0;
}
