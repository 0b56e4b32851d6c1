namespace Gateway.Core;

/// <summary>
/// Sums that stop at the end of their range instead of wrapping or throwing: a sum of money that wraps lets the next call pass, one that
/// throws stops the ledger. For nano-dollars and counts of tokens alike.
/// </summary>
public static class Saturating
{
    /// <summary>
    /// The largest sum of tokens or calls that is stored. Seven such columns are added up in one row by SQL, which must not leave the range
    /// either. A sum of money may have the whole range.
    /// </summary>
    public const long LargestCount = 1L << 59;

    /// <summary>
    /// A sum over many rows is asked for in two halves that cannot leave their range: of <c>x / Half</c> and of <c>x % Half</c>; see
    /// <see cref="OfHalves"/>.
    /// </summary>
    public const long Half = 1L << 31;

    /// <summary>The sum, at most <see cref="long.MaxValue"/> and at least <see cref="long.MinValue"/>.</summary>
    public static long Add(long left, long right) => Of((Int128)left + right);

    /// <summary>The difference, at most <see cref="long.MaxValue"/> and at least <see cref="long.MinValue"/>.</summary>
    public static long Subtract(long left, long right) => Of((Int128)left - right);

    /// <summary>The number, or the end of the range that it is beyond.</summary>
    public static long Of(Int128 number) => (long)Int128.Clamp(number, long.MinValue, long.MaxValue);

    /// <summary>The sum whose halves these are: of all <c>x / Half</c>, and of all <c>x % Half</c>.</summary>
    public static long OfHalves(long high, long low) => Of(((Int128)high * Half) + low);

    /// <summary>The sum of all. It does not depend on their order.</summary>
    public static long SumOf<T>(this IEnumerable<T> items, Func<T, long> value)
    {
        Int128 sum = 0;
        foreach (var item in items)
        {
            sum += value(item);
        }
        return Of(sum);
    }

    /// <summary>A count as it is stored: within <see cref="LargestCount"/> on both sides of zero.</summary>
    public static long Count(Int128 count) => (long)Int128.Clamp(count, -LargestCount, LargestCount);
}
