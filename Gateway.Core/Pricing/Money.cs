using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Gateway.Core.Pricing;

/// <summary>
/// An amount in US dollars, kept as a 64-bit integer of nano-dollars (1e-9 USD), so that sums are exact everywhere. May be negative (a
/// correction). The range is about +/- 9.2 billion USD; arithmetic that leaves it throws <see cref="OverflowException"/>.
/// </summary>
[JsonConverter(typeof(MoneyJsonConverter))]
public readonly struct Money : IEquatable<Money>, IComparable<Money>
{
    /// <summary>Nano-dollars in one dollar.</summary>
    public const long NanoUsdPerUsd = 1_000_000_000;

    internal const int Scale = 9;

    /// <summary>The longest text that <see cref="TryFormat"/> writes: sign, ten digits, point, nine digits.</summary>
    internal const int MaxTextLength = 21;

    private Money(long nanoUsd) => NanoUsd = nanoUsd;

    /// <summary>No money.</summary>
    public static Money Zero => default;

    /// <summary>The largest amount.</summary>
    public static Money MaxValue => new(long.MaxValue);

    /// <summary>The amount in nano-dollars (1e-9 USD).</summary>
    public long NanoUsd { get; }

    /// <summary>True when this is exactly nothing.</summary>
    public bool IsZero => NanoUsd == 0;

    /// <summary>An amount of nano-dollars (1e-9 USD).</summary>
    public static Money FromNanoUsd(long nanoUsd) => new(nanoUsd);

    /// <summary>An amount of dollars; what is finer than a nano-dollar is rounded half up by magnitude.</summary>
    /// <exception cref="OverflowException">The amount is out of range.</exception>
    public static Money FromUsd(decimal usd)
    {
        // Bounds first: usd times 1e9 can leave decimal's own range.
        if (usd is > 9_223_372_036.854775807m or < -9_223_372_036.854775807m)
        {
            throw new OverflowException("The amount does not fit in 64-bit nano-dollars.");
        }
        return new((long)decimal.Round(usd * NanoUsdPerUsd, 0, MidpointRounding.AwayFromZero));
    }

    /// <summary>The amount in dollars, exact.</summary>
    public decimal ToUsd() => (decimal)NanoUsd / NanoUsdPerUsd;

    /// <summary>Nano-dollars in USD, exactly.</summary>
    public static decimal UsdOf(long nanoUsd) => (decimal)nanoUsd / NanoUsdPerUsd;

    /// <summary>
    /// Reads dollars as decimal text, exponent allowed (<c>0.000214</c>, <c>3.5e-06</c>); finer digits are rounded half up.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> usd, out Money money)
    {
        var parsed = DecimalText.TryParseScaled(usd, Scale, out var nanoUsd);
        money = new(nanoUsd);
        return parsed;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Money)"/>
    public static bool TryParse(ReadOnlySpan<byte> usd, out Money money)
    {
        var parsed = DecimalText.TryParseScaled(usd, Scale, out var nanoUsd);
        money = new(nanoUsd);
        return parsed;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Money)"/>
    /// <exception cref="FormatException">The text is no decimal number in range.</exception>
    public static Money Parse(ReadOnlySpan<char> usd) =>
        TryParse(usd, out var money) ? money : throw new FormatException("Not an amount in US dollars.");

    /// <summary>The smaller of two amounts.</summary>
    public static Money Min(Money left, Money right) => left <= right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Money Max(Money left, Money right) => left >= right ? left : right;

    /// <summary>Dollars as plain decimal text: no exponent, no trailing zeros, invariant (<c>0.00000175</c>).</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxTextLength];
        TryFormat(text, out var written);
        return new string(text[..written]);
    }

    /// <summary>
    /// Writes what <see cref="ToString"/> returns. False when <paramref name="destination"/> is too short; 21 characters always do.
    /// </summary>
    public bool TryFormat(Span<char> destination, out int written) => TryFormatDecimal(NanoUsd, Scale, destination, out written);

    /// <summary>Writes value times 10^-scale as plain decimal text.</summary>
    internal static bool TryFormatDecimal(long value, int scale, Span<char> destination, out int written)
    {
        // UInt128 would do too; the magnitude of long.MinValue fits in ulong.
        var magnitude = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        Span<char> digits = stackalloc char[20];
        magnitude.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
        Span<char> text = stackalloc char[24];
        var length = 0;
        if (value < 0)
        {
            text[length++] = '-';
        }
        var integerDigits = count - scale;
        if (integerDigits <= 0)
        {
            text[length++] = '0';
        }
        else
        {
            digits[..integerDigits].CopyTo(text[length..]);
            length += integerDigits;
        }
        var fraction = digits[Math.Max(0, integerDigits)..count].TrimEnd('0');
        if (!fraction.IsEmpty)
        {
            text[length++] = '.';
            text.Slice(length, Math.Max(0, -integerDigits)).Fill('0');
            length += Math.Max(0, -integerDigits);
            fraction.CopyTo(text[length..]);
            length += fraction.Length;
        }
        written = length;
        return text[..length].TryCopyTo(destination);
    }

    /// <summary>The sum; throws <see cref="OverflowException"/> out of range.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.NanoUsd + right.NanoUsd));

    /// <summary>The difference; throws <see cref="OverflowException"/> out of range.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.NanoUsd - right.NanoUsd));

    /// <summary>The opposite amount; throws <see cref="OverflowException"/> out of range.</summary>
    public static Money operator -(Money money) => new(checked(-money.NanoUsd));

    /// <summary>A multiple; throws <see cref="OverflowException"/> out of range.</summary>
    public static Money operator *(Money money, long factor) => new(checked(money.NanoUsd * factor));

    /// <inheritdoc/>
    public int CompareTo(Money other) => NanoUsd.CompareTo(other.NanoUsd);

    /// <inheritdoc/>
    public bool Equals(Money other) => NanoUsd == other.NanoUsd;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Money other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => NanoUsd.GetHashCode();

    public static bool operator ==(Money left, Money right) => left.NanoUsd == right.NanoUsd;

    public static bool operator !=(Money left, Money right) => left.NanoUsd != right.NanoUsd;

    public static bool operator <(Money left, Money right) => left.NanoUsd < right.NanoUsd;

    public static bool operator >(Money left, Money right) => left.NanoUsd > right.NanoUsd;

    public static bool operator <=(Money left, Money right) => left.NanoUsd <= right.NanoUsd;

    public static bool operator >=(Money left, Money right) => left.NanoUsd >= right.NanoUsd;
}
