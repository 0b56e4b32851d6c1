using System.Globalization;
using System.Security.Cryptography;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>
/// Password hashes: PBKDF2-HMAC-SHA512 over the whole password with a salt per user. The stored text names algorithm and work factor
/// (<c>$pbkdf2-sha512$i=210000$salt$hash</c>), so that the factor can rise later. Hashes of bcrypt, which imports bring, are checked by
/// their old rule and come out weak.
/// </summary>
internal sealed class Passwords(AccountOptions options)
{
    private const string Algorithm = "pbkdf2-sha512";
    private const int SaltBytes = 16;
    private const int HashBytes = 64;
    private const string BcryptPrefix = "$2";

    // One of the systems whose users are imported cut passwords to this many characters before it hashed them.
    private const int CutLength = 60;

    // A hash keeps a core busy for a tenth of a second: at most half of the cores hash, so that a wave of sign-ins does not stall the
    // traffic in this process.
    private readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount / 2));

    // Checked in place of an unknown user's hash, so that a wrong email takes as long as a wrong password. No password has it.
    private readonly StoredHash _nobody = new(
        options.PasswordIterations,
        RandomNumberGenerator.GetBytes(SaltBytes),
        RandomNumberGenerator.GetBytes(HashBytes)
    );

    /// <summary>How a password is compared with an imported hash, at the work of a given cost; a test counts the work.</summary>
    internal Func<BcryptHash, string, int, bool> MatchBcrypt { get; init; } =
        static (hash, password, padToCost) => hash.Matches(password, padToCost);

    // The highest cost of bcrypt that is stored; 0: none, as far as is known; -1: not looked yet.
    private int _importedCost = -1;

    /// <summary>
    /// Looks once in the life of the process for imported hashes: while there are any, every check takes as long as theirs.
    /// </summary>
    public async Task LearnImportedAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _importedCost) < 0)
        {
            var costs = await db
                .Users.Where(u => u.PasswordHash.StartsWith(BcryptPrefix) && u.DeletedAt == null)
                .Select(u => u.PasswordHash.Substring(4, 2))
                .Distinct()
                .ToListAsync(cancellationToken);
            Learn(
                costs
                    .Select(c =>
                        int.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out var cost) && cost <= options.BcryptMaxCost
                            ? cost
                            : 0
                    )
                    .DefaultIfEmpty(0)
                    .Max()
            );
        }
    }

    /// <summary>Hashes a new password with the present work factor.</summary>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new StoredHash(
            options.PasswordIterations,
            salt,
            await ComputeAsync(() => Derive(password, salt, options.PasswordIterations, HashBytes), cancellationToken)
        ).ToString();
    }

    /// <summary>Checks a password at the same cost whether there is a user or not.</summary>
    /// <param name="password">What the client sent.</param>
    /// <param name="stored">The user's hash; null: there is no such user.</param>
    /// <param name="cancellationToken">Gives up waiting for a free core.</param>
    public async Task<PasswordCheck> CheckAsync(string password, string? stored, CancellationToken cancellationToken)
    {
        var imported = BcryptHash.TryParse(stored) is { } text && text.Cost <= options.BcryptMaxCost ? text : null;
        if (imported is not null)
        {
            Learn(imported.Cost);
        }
        var expected = StoredHash.TryParse(stored) ?? _nobody;
        var (computed, isImported) = await ComputeAsync(
            () => (Derive(password, expected.Salt, expected.Iterations, expected.Hash.Length), MatchesImported(password, imported)),
            cancellationToken
        );
        return isImported ? PasswordCheck.RightButWeak
            : !CryptographicOperations.FixedTimeEquals(computed, expected.Hash) ? PasswordCheck.Wrong
            : expected.Iterations < options.PasswordIterations ? PasswordCheck.RightButWeak
            : PasswordCheck.Right;
    }

    // Also done for users without an imported hash: who measures the time learns nothing.
    private bool MatchesImported(string password, BcryptHash? imported)
    {
        var pad = Volatile.Read(ref _importedCost);
        if (pad <= 0)
        {
            return false;
        }
        var hash = imported ?? BcryptHash.OfNobody(pad);
        var matches = MatchBcrypt(hash, password, pad);
        return password.Length > CutLength ? MatchBcrypt(hash, password[..CutLength], pad) | matches : matches;
    }

    private void Learn(int cost)
    {
        for (var known = Volatile.Read(ref _importedCost); cost > known; )
        {
            var before = Interlocked.CompareExchange(ref _importedCost, cost, known);
            if (before == known)
            {
                return;
            }
            known = before;
        }
    }

    private static byte[] Derive(string password, byte[] salt, int iterations, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, length);

    private async Task<T> ComputeAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(compute, CancellationToken.None);
        }
        finally
        {
            _cores.Release();
        }
    }

    private sealed record StoredHash(int Iterations, byte[] Salt, byte[] Hash)
    {
        public static StoredHash? TryParse(string? text)
        {
            var parts = text?.Split('$');
            return
                parts is ["", Algorithm, ['i', '=', .. var factor], var salt, var hash]
                && int.TryParse(factor, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
                && iterations > 0
                ? new StoredHash(iterations, Convert.FromBase64String(salt), Convert.FromBase64String(hash))
                : null;
        }

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"${Algorithm}$i={Iterations}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Hash)}"
            );
    }
}
