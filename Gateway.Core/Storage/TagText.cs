namespace Gateway.Core.Storage;

/// <summary>
/// The tags of a call as one text, <c>,web,eu,</c>: each stands between commas, so that one is found without its neighbours.
/// </summary>
public static class TagText
{
    /// <summary>The text; null: no tags.</summary>
    public static string? Of(IReadOnlyList<string> tags) => tags.Count == 0 ? null : $",{string.Join(',', tags)},";

    /// <summary>One tag as it stands in the text.</summary>
    public static string Of(string tag) => $",{tag},";

    /// <summary>The tags of a text.</summary>
    public static IReadOnlyList<string> Read(string? text) => text is null ? [] : text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
