using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Core.Storage;

/// <summary>The columns that a <see cref="TokenUsage"/> is kept in: one for each counted class, and the web searches.</summary>
internal static class UsageColumns
{
    private const string WebSearches = "WebSearches";

    private static readonly Dictionary<string, TokenClass> Classes = TokenClasses.All.ToDictionary(
        c => $"{c}Tokens",
        StringComparer.Ordinal
    );

    public static IEnumerable<string> Names => Classes.Keys.Append(WebSearches);

    public static long Read(in TokenUsage usage, string column) => column == WebSearches ? usage.Items.WebSearches : usage[Classes[column]];

    public static TokenUsage With(in TokenUsage usage, string column, long value) =>
        column == WebSearches ? usage with { Items = usage.Items with { WebSearches = value } } : usage.With(Classes[column], value);
}
