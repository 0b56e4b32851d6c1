using System.Text;

namespace Gateway.Ledger;

/// <summary>
/// Text of the upstream's as the ledger can keep it: databases refuse NUL and half surrogates, and a row that is refused would hold up all
/// after it.
/// </summary>
internal static class RecordText
{
    private const int Longest = 255;

    /// <summary>The text, cut at 255 characters, with U+FFFD in place of control characters and of what is no whole character.</summary>
    public static string? Of(string? text)
    {
        if (text is null || (text.Length <= Longest && Ascii.IsValid(text) && !text.Any(char.IsControl)))
        {
            return text;
        }
        var kept = new StringBuilder(Longest);
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > Longest)
            {
                break;
            }
            kept.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        }
        return kept.ToString();
    }
}
