using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Pricing;

/// <summary>
/// The prices of one model: token class x service tier x context band, and rates per item. Immutable; compare with
/// <see cref="Equals(PriceTable?)"/>. Every fall-back is resolved when the table is built (<see cref="PriceTableResolver"/>), so that a
/// look-up on the hot path is one array access.
/// </summary>
public sealed class PriceTable : IEquatable<PriceTable>
{
    private readonly StatedRate[] _stated;
    private readonly long[] _thresholds;
    private readonly ResolvedRate[] _resolved;

    private PriceTable(StatedRate[] stated)
    {
        _stated = stated;
        _thresholds = PriceTableResolver.Thresholds(stated);
        _resolved = PriceTableResolver.Resolve(stated, _thresholds);
    }

    /// <summary>No price is known. Not the same as free: see <see cref="Rate.Zero"/>.</summary>
    public static PriceTable Empty { get; } = new([]);

    /// <summary>The rates as they were stated, without fall-backs, in the order of their keys.</summary>
    public IReadOnlyList<StatedRate> Stated => _stated;

    /// <summary>The prompt sizes (tokens) above which other rates hold, ascending; empty when there are none.</summary>
    public IReadOnlyList<long> ContextBands => _thresholds[1..];

    /// <summary>True when no rate at all is stated.</summary>
    public bool IsEmpty => _stated.Length == 0;

    /// <summary>True when input or output tokens have a stated price (zero counts).</summary>
    public bool HasTokenPrice => IsStated(RateKey.SlotOf(TokenClass.Input)) || IsStated(RateKey.SlotOf(TokenClass.Output));

    /// <summary>True when something is priced and everything priced is free.</summary>
    public bool IsFree => !IsEmpty && _stated.All(rate => rate.Rate == Rate.Zero);

    /// <summary>Builds a table; of a key given twice the last value holds.</summary>
    public static PriceTable Create(IEnumerable<StatedRate> rates)
    {
        var last = new List<StatedRate>();
        foreach (var rate in rates)
        {
            last.RemoveAll(earlier => earlier.Key == rate.Key);
            last.Add(rate);
        }
        last.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return last.Count == 0 ? Empty : new([.. last]);
    }

    /// <summary>A table of an input and an output price in USD per token: what most admins type in.</summary>
    public static PriceTable FromUsdPerToken(decimal input, decimal output) =>
        Create([
            new StatedRate(RateKey.For(TokenClass.Input), Rate.FromUsd(input)),
            new StatedRate(RateKey.For(TokenClass.Output), Rate.FromUsd(output)),
        ]);

    /// <summary>
    /// The rate per token of a class for a call whose whole prompt has <paramref name="promptTokens"/> tokens (cached ones included): the
    /// highest band strictly below that number. False when neither the class nor what stands in for it has a price.
    /// </summary>
    public bool TryGetRate(TokenClass tokenClass, ServiceTier tier, long promptTokens, out Rate rate, out PriceFallbacks fallbacks) =>
        TryGet(Row(tier, promptTokens)[RateKey.SlotOf(tokenClass)], out rate, out fallbacks);

    /// <summary>The rate per item. False when neither the item nor what stands in for it has a price.</summary>
    public bool TryGetRate(PricedItem item, ServiceTier tier, long promptTokens, out Rate rate, out PriceFallbacks fallbacks) =>
        TryGet(Row(tier, promptTokens)[RateKey.SlotOf(item)], out rate, out fallbacks);

    /// <summary>
    /// The dearest rate of a class that can come to apply: over all context bands, and over all service tiers unless
    /// <paramref name="tier"/> fixes one. An upper bound for holds. Null when the class has no price.
    /// </summary>
    public Rate? DearestRate(TokenClass tokenClass, ServiceTier? tier = null) => Dearest(RateKey.SlotOf(tokenClass), tier);

    /// <inheritdoc cref="DearestRate(TokenClass, ServiceTier?)"/>
    public Rate? DearestRate(PricedItem item, ServiceTier? tier = null) => Dearest(RateKey.SlotOf(item), tier);

    /// <summary>The resolved rates of one service tier and band, by slot.</summary>
    internal ReadOnlySpan<ResolvedRate> Row(ServiceTier tier, long promptTokens) => RowAt(BandOf(promptTokens), tier);

    /// <summary>The band of a prompt: 0 is the base, and every band up to this one can be that of a shorter prompt.</summary>
    internal int BandOf(long promptTokens)
    {
        var band = _thresholds.Length - 1;
        while (band > 0 && promptTokens <= _thresholds[band])
        {
            band--;
        }
        return band;
    }

    /// <summary>The resolved rates of one service tier within a band.</summary>
    internal ReadOnlySpan<ResolvedRate> RowAt(int band, ServiceTier tier) =>
        _resolved.AsSpan(PriceTableResolver.RowIndex(band, tier) * RateKey.SlotCount, RateKey.SlotCount);

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] PriceTable? other) => other is not null && _stated.SequenceEqual(other._stated);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PriceTable);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var rate in _stated)
        {
            hash.Add(rate);
        }
        return hash.ToHashCode();
    }

    /// <summary>The rates as the JSON object of <c>prices.json</c>.</summary>
    public override string ToString() => this.ToJson();

    private bool IsStated(int slot) => _stated.Any(rate => rate.Key.Slot == slot);

    private Rate? Dearest(int slot, ServiceTier? tier)
    {
        var dearest = -1L;
        for (var band = 0; band < _thresholds.Length; band++)
        {
            for (var row = 0; row < ServiceTiers.Count; row++)
            {
                if (tier is null || row == (int)tier)
                {
                    dearest = Math.Max(
                        dearest,
                        _resolved[(PriceTableResolver.RowIndex(band, (ServiceTier)row) * RateKey.SlotCount) + slot].PicoUsd
                    );
                }
            }
        }
        return dearest < 0 ? null : Rate.FromPicoUsd(dearest);
    }

    private static bool TryGet(in ResolvedRate resolved, out Rate rate, out PriceFallbacks fallbacks)
    {
        fallbacks = resolved.Fallbacks;
        rate = resolved.IsPriced ? Rate.FromPicoUsd(resolved.PicoUsd) : default;
        return resolved.IsPriced;
    }
}
