using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Accounts;

/// <summary>Names that users sign with: 3 to 100 of <c>A-Z a-z 0-9 . _ -</c>, unique ignoring case.</summary>
public static class Usernames
{
    /// <summary>Characters, at least.</summary>
    public const int Minimum = 3;

    /// <summary>Characters, at most.</summary>
    public const int Maximum = 100;

    private const int Attempts = 50;

    /// <summary>The form in words, for a refusal.</summary>
    public const string Form = "letters, digits, dots, underscores and hyphens";

    /// <summary>Whether all characters may be in a name.</summary>
    public static bool HasForm(string name) => name.All(IsAllowed);

    /// <summary>
    /// A free name made from the local part of an email or another name, with the smallest number that makes it unique, or with a long one.
    /// </summary>
    public static async Task<string> FindFreeAsync(HubDbContext db, string wish, CancellationToken cancellationToken)
    {
        var local = string.Concat(wish.TakeWhile(c => c != '@').Where(IsAllowed).Take(Maximum - 10))
            .ToLowerInvariant()
            .PadRight(Minimum, '0');
        List<string> names = [local, .. Enumerable.Range(2, Attempts).Select(number => $"{local}{number}")];
        var taken = await db.Users.Where(u => names.Contains(u.UsernameKey)).Select(u => u.UsernameKey).ToListAsync(cancellationToken);
        // a common name: looked at once, not a hundred thousand times
        return names.Except(taken).FirstOrDefault() ?? $"{local}{Random.Shared.Next(100_000_000, 1_000_000_000)}";
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
