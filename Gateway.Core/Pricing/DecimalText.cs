namespace Gateway.Core.Pricing;

/// <summary>
/// Reads decimal text (<c>0.000214</c>, <c>3.5e-06</c>) into a scaled integer without going through binary floating point, so that a price
/// is the number that was written. Digits finer than the scale are rounded half up by magnitude (-0.5 becomes -1), so that a correction
/// mirrors its charge.
/// </summary>
internal static class DecimalText
{
    /// <summary>Longer text is no number anyone writes; the bound keeps the work small.</summary>
    private const int MaxLength = 512;

    /// <summary>
    /// Reads <paramref name="text"/> times 10^<paramref name="scale"/>. False for anything but a JSON-like number, and when it does not
    /// fit.
    /// </summary>
    public static bool TryParseScaled(ReadOnlySpan<byte> text, int scale, out long value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > MaxLength)
        {
            return false;
        }
        var position = 0;
        var negative = text[0] == (byte)'-';
        if (negative || text[0] == (byte)'+')
        {
            position++;
        }
        var digits = text[position..];
        var integerDigits = CountDigits(digits);
        var fractionDigits = 0;
        position = integerDigits;
        if (position < digits.Length && digits[position] == (byte)'.')
        {
            fractionDigits = CountDigits(digits[(position + 1)..]);
            position += 1 + fractionDigits;
        }
        if (integerDigits + fractionDigits == 0 || !TryParseExponent(digits[position..], out var exponent))
        {
            return false;
        }
        var integer = digits[..integerDigits];
        var fraction = fractionDigits == 0 ? default : digits.Slice(integerDigits + 1, fractionDigits);
        if (!TryScale(integer, fraction, integerDigits + exponent + scale, out var magnitude) || magnitude > long.MaxValue)
        {
            return false;
        }
        value = negative ? -(long)magnitude : (long)magnitude;
        return true;
    }

    /// <inheritdoc cref="TryParseScaled(ReadOnlySpan{byte}, int, out long)"/>
    public static bool TryParseScaled(ReadOnlySpan<char> text, int scale, out long value)
    {
        value = 0;
        if (text.Length > MaxLength)
        {
            return false;
        }
        Span<byte> bytes = stackalloc byte[MaxLength];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > 127)
            {
                return false;
            }
            bytes[i] = (byte)text[i];
        }
        return TryParseScaled(bytes[..text.Length], scale, out value);
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        var count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? text.Length : count;
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
        {
            return true;
        }
        if ((text[0] | 0x20) != 'e' || text.Length < 2)
        {
            return false;
        }
        var negative = text[1] == (byte)'-';
        var digits = negative || text[1] == (byte)'+' ? text[2..] : text[1..];
        if (digits.IsEmpty || CountDigits(digits) != digits.Length)
        {
            return false;
        }
        foreach (var digit in digits)
        {
            exponent = Math.Min((exponent * 10) + (digit - '0'), 100_000); // far beyond any result that fits
        }
        exponent = negative ? -exponent : exponent;
        return true;
    }

    /// <summary>
    /// Takes the first <paramref name="keep"/> digits of integer and fraction together (zeros where there are none) and rounds by the next
    /// one.
    /// </summary>
    private static bool TryScale(ReadOnlySpan<byte> integer, ReadOnlySpan<byte> fraction, int keep, out ulong magnitude)
    {
        magnitude = 0;
        var length = integer.Length + fraction.Length;
        var read = Math.Min(length, keep);
        for (var i = 0; i < read; i++)
        {
            if (!TryAppend(ref magnitude, Digit(integer, fraction, i)))
            {
                return false;
            }
        }
        for (var i = length; i < keep && magnitude != 0; i++)
        {
            if (!TryAppend(ref magnitude, 0))
            {
                return false;
            }
        }
        if (keep >= 0 && keep < length && Digit(integer, fraction, keep) >= 5)
        {
            magnitude++;
        }
        return true;
    }

    private static uint Digit(ReadOnlySpan<byte> integer, ReadOnlySpan<byte> fraction, int index) =>
        (uint)(index < integer.Length ? integer[index] : fraction[index - integer.Length]) - '0';

    private static bool TryAppend(ref ulong magnitude, uint digit)
    {
        if (magnitude > long.MaxValue / 10)
        {
            return false;
        }
        magnitude = (magnitude * 10) + digit;
        return true;
    }
}
