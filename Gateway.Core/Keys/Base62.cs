using System.Security.Cryptography;

namespace Gateway.Core.Keys;

/// <summary>Random texts of digits and letters: safe in headers, URLs and logs, selected whole by a double click.</summary>
public static class Base62
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A text of uniformly random characters (5.95 bits each) from the system's generator.</summary>
    public static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>True when there are only digits and ASCII letters.</summary>
    public static bool IsBase62(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }
        return true;
    }
}
