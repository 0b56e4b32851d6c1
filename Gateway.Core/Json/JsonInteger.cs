using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Core.Json;

/// <summary>
/// Reads numbers as JSON Schema means <c>integer</c>: <c>256</c>, <c>256.0</c> and <c>2.56e2</c> are one and the same. Exact: nothing goes
/// through a floating-point number.
/// </summary>
public static class JsonInteger
{
    private const int MostDigits = 19; // of a 64-bit integer

    /// <summary>Reads a JSON value; false when it is no number, has a fraction, or does not fit 64 bits.</summary>
    public static bool TryRead(JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && TryRead(JsonMarshal.GetRawUtf8Value(value), out number);
    }

    /// <summary>Reads a number of valid JSON; false when it has a fraction or does not fit 64 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> number, out long value)
    {
        value = 0;
        if (number.IsEmpty)
        {
            return false;
        }
        var isNegative = number[0] == '-';
        var mantissa = isNegative ? number[1..] : number;
        if (!TrySplitExponent(ref mantissa, out var exponent))
        {
            return false;
        }
        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..].TrimEnd((byte)'0');
        exponent -= fraction.Length;
        Span<byte> digits = stackalloc byte[MostDigits];
        var count = 0;
        return TryAdd(whole, digits, ref count, ref exponent)
            && TryAdd(fraction, digits, ref count, ref exponent)
            && TryScale(digits[..count], exponent, isNegative, out value);
    }

    private static bool TrySplitExponent(ref ReadOnlySpan<byte> mantissa, out long exponent)
    {
        const long Unreachable = 1_000_000_000_000; // as good as infinite for a text that fits into memory
        exponent = 0;
        var at = mantissa.IndexOfAny((byte)'e', (byte)'E');
        if (at < 0)
        {
            return true;
        }
        var text = mantissa[(at + 1)..];
        mantissa = mantissa[..at];
        var isNegative = text.StartsWith("-"u8);
        foreach (var digit in text.TrimStart("+-"u8))
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }
            exponent = Math.Min(Unreachable, (exponent * 10) + (digit - '0'));
        }
        exponent = isNegative ? -exponent : exponent;
        return true;
    }

    // Leading zeros are nothing; zeros at the end that do not fit any more are left to the exponent.
    private static bool TryAdd(ReadOnlySpan<byte> text, Span<byte> digits, ref int count, ref long exponent)
    {
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }
            if (count == 0 && digit == '0')
            {
                continue;
            }
            if (count == digits.Length)
            {
                if (digit != '0')
                {
                    return false;
                }
                exponent++;
                continue;
            }
            digits[count++] = digit;
        }
        return true;
    }

    private static bool TryScale(ReadOnlySpan<byte> digits, long exponent, bool isNegative, out long value)
    {
        value = 0;
        if (digits.IsEmpty)
        {
            return true;
        }
        while (exponent < 0 && digits is [.., (byte)'0'])
        {
            digits = digits[..^1];
            exponent++;
        }
        if (exponent < 0 || digits.Length + exponent > MostDigits)
        {
            return false;
        }
        Int128 sum = 0;
        foreach (var digit in digits)
        {
            sum = (sum * 10) + (digit - '0');
        }
        for (; exponent > 0; exponent--)
        {
            sum *= 10;
        }
        sum = isNegative ? -sum : sum;
        var fits = sum >= long.MinValue && sum <= long.MaxValue;
        value = fits ? (long)sum : 0;
        return fits;
    }
}
