using System.Globalization;
using BCryptNet = BCrypt.Net.BCrypt;

namespace Gateway.Admin.Accounts;

/// <summary>
/// A bcrypt hash that an import brought: <c>$2b$12$</c>, 22 characters of salt, 31 of hash. <c>2a</c>, <c>2b</c> and <c>2y</c> are one
/// algorithm; <c>2x</c> marks the hashes of a faulty one and is not read. New ones are never made: at most 72 bytes of the password count,
/// so such a hash is replaced at the next sign-in.
/// </summary>
/// <param name="Cost">The work is 2 to this power.</param>
/// <param name="Text">The hash as it is stored.</param>
internal sealed record BcryptHash(int Cost, string Text)
{
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 60;
    private const int SaltStart = 7;

    /// <summary>Reads a stored hash; null when it is not one of bcrypt.</summary>
    public static BcryptHash? TryParse(string? text) =>
        text is ['$', '2', 'a' or 'b' or 'y', '$', _, _, '$', ..]
        && text.Length == Length
        && text.AsSpan(SaltStart).IndexOfAnyExcept(Alphabet) < 0
        && int.TryParse(text.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
        && cost is >= 4 and <= 31
            ? new BcryptHash(cost, text)
            : null;

    /// <summary>A hash that no password has: it is checked in place of a missing one, so that both take the same time.</summary>
    public static BcryptHash OfNobody(int cost) => new(cost, $"$2b${cost:00}${new string('.', Length - SaltStart)}");

    /// <summary>
    /// Whether a password has this hash. The work is that of <paramref name="padToCost"/>, if that is higher: hashes of different costs
    /// take the same time.
    /// </summary>
    public bool Matches(string password, int padToCost)
    {
        var matches = BCryptNet.Verify(password, Text);
        // 2^cost + 2^cost + 2^(cost+1) + ... = 2^padToCost.
        for (var cost = Cost; cost < padToCost; cost++)
        {
            BCryptNet.HashPassword(password, OfNobody(cost).Text[..29]);
        }
        return matches;
    }
}
