using System.Globalization;

namespace Gateway.Core.Pricing;

/// <summary>
/// The price of one unit (a token, an image, a second ...) as an integer of pico-dollars (1e-12 USD). Never negative, at most
/// <see cref="MaxPicoUsd"/>: with that bound a call's cost cannot overflow 128 bits.
/// </summary>
public readonly record struct Rate
{
    /// <summary>1,000,000 USD per unit.</summary>
    public const long MaxPicoUsd = 1_000_000_000_000_000_000;

    internal const int Scale = 12;

    private Rate(long picoUsd) => PicoUsd = picoUsd;

    /// <summary>Free of charge, which is not the same as unpriced.</summary>
    public static Rate Zero => default;

    /// <summary>Pico-dollars (1e-12 USD) per unit.</summary>
    public long PicoUsd { get; }

    /// <summary>A rate of pico-dollars (1e-12 USD) per unit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below zero or above <see cref="MaxPicoUsd"/>.</exception>
    public static Rate FromPicoUsd(long picoUsd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(picoUsd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(picoUsd, MaxPicoUsd);
        return new(picoUsd);
    }

    /// <summary>A rate of dollars per unit; what is finer than a pico-dollar is rounded half up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below zero or above 1,000,000 USD.</exception>
    public static Rate FromUsd(decimal usd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(usd, 1_000_000m);
        return new((long)decimal.Round(usd * 1_000_000_000_000m, 0, MidpointRounding.AwayFromZero));
    }

    /// <summary>
    /// Reads dollars per unit as decimal text (<c>2.5E-6</c>), exactly. False when it is no number, negative or too large.
    /// </summary>
    public static bool TryParseUsd(ReadOnlySpan<byte> usd, out Rate rate) =>
        Accept(DecimalText.TryParseScaled(usd, Scale, out var picoUsd), picoUsd, out rate);

    /// <inheritdoc cref="TryParseUsd(ReadOnlySpan{byte}, out Rate)"/>
    public static bool TryParseUsd(ReadOnlySpan<char> usd, out Rate rate) =>
        Accept(DecimalText.TryParseScaled(usd, Scale, out var picoUsd), picoUsd, out rate);

    /// <summary>A rate that is only at hand as a double: taken as the shortest decimal text that means this double.</summary>
    public static bool TryFromDouble(double usd, out Rate rate) => TryParseUsd(usd.ToString("R", CultureInfo.InvariantCulture), out rate);

    /// <summary>Dollars per unit, exact.</summary>
    public decimal ToUsd() => PicoUsd / 1_000_000_000_000m;

    /// <summary>Dollars per unit as plain decimal text without exponent.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[24];
        TryFormat(text, out var written);
        return new string(text[..written]);
    }

    internal bool TryFormat(Span<char> destination, out int written) => Money.TryFormatDecimal(PicoUsd, Scale, destination, out written);

    private static bool Accept(bool parsed, long picoUsd, out Rate rate)
    {
        var accepted = parsed && picoUsd is >= 0 and <= MaxPicoUsd;
        rate = accepted ? new(picoUsd) : default;
        return accepted;
    }
}
