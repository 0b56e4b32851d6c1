using System.Globalization;

namespace Gateway.Core.Pricing;

/// <summary>
/// Names one rate of a price table: what is priced, at which service tier, above how many prompt tokens. As text it is the key of
/// <c>prices.json</c>: <c>input</c>, <c>cache_write_1h</c>, <c>output@priority</c>, <c>input>200000</c>, <c>input@flex>272000</c>.
/// </summary>
public readonly record struct RateKey : IComparable<RateKey>
{
    private static readonly string[] SlotNames =
    [
        .. Enum.GetValues<TokenClass>().Select(TokenClasses.NameOf),
        "image",
        "image_in",
        "query",
        "request",
        "search_low",
        "search_medium",
        "search_high",
        "input_second",
        "output_second",
        "input_audio_second",
        "input_character",
        "output_character",
        "page",
        "input_pixel",
        "output_pixel",
    ];

    private RateKey(int slot, ServiceTier tier, long abovePromptTokens)
    {
        Slot = (byte)slot;
        Tier = tier;
        AbovePromptTokens = abovePromptTokens;
    }

    /// <summary>Names of token classes and items in one row: the classes first.</summary>
    internal static int SlotCount => SlotNames.Length;

    internal const int ClassCount = (int)TokenClass.Citation + 1;

    internal byte Slot { get; }

    /// <summary>The service tier the rate is for.</summary>
    public ServiceTier Tier { get; }

    /// <summary>The rate holds for prompts of more tokens than this (cached ones included); 0 is the base rate.</summary>
    public long AbovePromptTokens { get; }

    /// <summary>The token class priced, or null for an item.</summary>
    public TokenClass? Class => Slot < ClassCount ? (TokenClass)Slot : null;

    /// <summary>The item priced, or null for a token class.</summary>
    public PricedItem? Item => Slot < ClassCount ? null : (PricedItem)(Slot - ClassCount);

    /// <summary>The key of a rate per token.</summary>
    public static RateKey For(TokenClass tokenClass, ServiceTier tier = ServiceTier.Default, long abovePromptTokens = 0) =>
        new(SlotOf(tokenClass), tier, Threshold(abovePromptTokens));

    /// <summary>The key of a rate per item.</summary>
    public static RateKey For(PricedItem item, ServiceTier tier = ServiceTier.Default, long abovePromptTokens = 0) =>
        new(SlotOf(item), tier, Threshold(abovePromptTokens));

    /// <summary>Reads a key as it stands in <c>prices.json</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RateKey key)
    {
        key = default;
        long above = 0;
        var band = text.IndexOf('>');
        if (band >= 0)
        {
            if (!long.TryParse(text[(band + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out above) || above == 0)
            {
                return false;
            }
            text = text[..band];
        }
        var tier = ServiceTier.Default;
        var at = text.IndexOf('@');
        if (at >= 0)
        {
            tier = ServiceTiers.Parse(text[(at + 1)..]);
            if (tier == ServiceTier.Default)
            {
                return false; // a tier we do not know must not become the default one's price
            }
            text = text[..at];
        }
        for (var slot = 0; slot < SlotNames.Length; slot++)
        {
            if (text.SequenceEqual(SlotNames[slot]))
            {
                key = new(slot, tier, above);
                return true;
            }
        }
        return false;
    }

    /// <summary>The key as it stands in <c>prices.json</c>.</summary>
    public override string ToString()
    {
        var name = SlotNames[Slot];
        var tier = Tier == ServiceTier.Default ? "" : "@" + Tier.ToName();
        var band = AbovePromptTokens == 0 ? "" : ">" + AbovePromptTokens.ToString(CultureInfo.InvariantCulture);
        return name + tier + band;
    }

    /// <summary>By what is priced, then by context band, then by service tier.</summary>
    public int CompareTo(RateKey other) =>
        Slot != other.Slot ? Slot.CompareTo(other.Slot)
        : AbovePromptTokens != other.AbovePromptTokens ? AbovePromptTokens.CompareTo(other.AbovePromptTokens)
        : ((byte)Tier).CompareTo((byte)other.Tier);

    internal static string NameOf(int slot) => SlotNames[slot];

    internal static int SlotOf(TokenClass tokenClass) => (int)tokenClass;

    internal static int SlotOf(PricedItem item) => ClassCount + (int)item;

    private static long Threshold(long abovePromptTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(abovePromptTokens);
        return abovePromptTokens;
    }
}
