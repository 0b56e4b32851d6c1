namespace Gateway.Core.Texts;

/// <summary>Shortens texts of others to what a column takes.</summary>
public static class TextCut
{
    /// <summary>
    /// The first characters of a text, at most so many, and never half a surrogate pair: PostgreSQL refuses a row with one.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="maximumLength">UTF-16 code units; at least 1.</param>
    public static string First(string text, int maximumLength) =>
        text.Length <= maximumLength ? text : text[..(char.IsHighSurrogate(text[maximumLength - 1]) ? maximumLength - 1 : maximumLength)];
}
