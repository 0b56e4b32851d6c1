using System.Globalization;
using System.Text;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Core.Storage;

/// <summary>
/// How a usage stands in an entry of the ledger: the classes that most calls use have columns, the others and what is used by the piece
/// share a text of names and counts. A new one needs no column.
/// </summary>
internal static class OtherUsage
{
    private static readonly TokenClass[] Others =
    [
        .. TokenClasses.All.Where(c => c is not (TokenClass.Input or TokenClass.CacheRead or TokenClass.Output or TokenClass.Reasoning)),
    ];

    private static readonly Dictionary<string, TokenClass> ByName = Others.ToDictionary(TokenClasses.NameOf, StringComparer.Ordinal);

    private static readonly Dictionary<string, ItemKind> ItemsByName = ItemKinds.All.ToDictionary(ItemKinds.NameOf, StringComparer.Ordinal);

    /// <summary>Fills the usage of an entry.</summary>
    public static void Write(LedgerEntry entry, in TokenUsage usage)
    {
        entry.InputTokens = OrNull(usage.Input);
        entry.CacheReadTokens = OrNull(usage.CacheRead);
        entry.OutputTokens = OrNull(usage.Output);
        entry.ReasoningTokens = OrNull(usage.Reasoning);
        var rest = usage.TotalTokens - usage.Input - usage.CacheRead - usage.Output - usage.Reasoning;
        if (rest > 0 || !usage.Items.IsNone)
        {
            (entry.OtherTokens, entry.OtherUsage) = (OrNull(rest), TextOf(usage));
        }
    }

    /// <summary>The usage of an entry.</summary>
    public static TokenUsage Read(long? input, long? cacheRead, long? output, long? reasoning, string? others)
    {
        var usage = new TokenUsage
        {
            Input = input ?? 0,
            CacheRead = cacheRead ?? 0,
            Output = output ?? 0,
            Reasoning = reasoning ?? 0,
        };
        foreach (var part in (others ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, count) = part.Split('=') is [var left, var right]
                ? (left, long.Parse(right, CultureInfo.InvariantCulture))
                : (part, 0);
            usage =
                ByName.TryGetValue(name, out var tokenClass) ? usage.With(tokenClass, count)
                : ItemsByName.TryGetValue(name, out var item) ? usage with { Items = usage.Items.With(item, count) }
                : usage;
        }
        return usage;
    }

    /// <summary>Null for zero: what is not there takes no room.</summary>
    public static long? OrNull(long number) => number == 0 ? null : number;

    private static string TextOf(in TokenUsage usage)
    {
        var text = new StringBuilder();
        foreach (var other in Others)
        {
            Append(text, TokenClasses.NameOf(other), usage[other]);
        }
        foreach (var item in ItemKinds.All)
        {
            Append(text, ItemKinds.NameOf(item), usage.Items[item]);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, long count)
    {
        if (count > 0)
        {
            text.Append(text.Length > 0 ? " " : "").Append(name).Append('=').Append(count);
        }
    }
}
