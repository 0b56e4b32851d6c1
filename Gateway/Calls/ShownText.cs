namespace Gateway.Calls;

/// <summary>Shortens what a client or an upstream wrote before it is shown back, so that an answer never grows with it.</summary>
internal static class ShownText
{
    /// <summary>The most characters of a name or value.</summary>
    public const int LongestName = 100;

    /// <summary>The text, cut and marked with dots when it is longer; never within a character.</summary>
    public static string Cut(string text, int longest = LongestName)
    {
        if (text.Length <= longest)
        {
            return text;
        }
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest), "...");
    }
}
