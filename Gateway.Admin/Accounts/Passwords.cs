using System.Globalization;
using System.Security.Cryptography;
using Gateway.Core.Configuration;

namespace Gateway.Admin.Accounts;

/// <summary>
/// Password hashes: PBKDF2-HMAC-SHA512 over the whole password with a salt per user. The stored text names algorithm and work factor
/// (<c>$pbkdf2-sha512$i=210000$salt$hash</c>), so that the factor can rise later.
/// </summary>
internal sealed class Passwords(HubOptions options)
{
    private const string Algorithm = "pbkdf2-sha512";
    private const int SaltBytes = 16;
    private const int HashBytes = 64;

    // A hash keeps a core busy for a tenth of a second: at most half of the cores hash, so that a wave of sign-ins does not stall the traffic in this process.
    private readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount / 2));

    // Checked in place of an unknown user's hash, so that a wrong email takes as long as a wrong password. No password has it.
    private readonly StoredHash _nobody = new(options.PasswordIterations, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>Hashes a new password with the present work factor.</summary>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new StoredHash(options.PasswordIterations, salt, await ComputeAsync(password, salt, options.PasswordIterations, HashBytes, cancellationToken)).ToString();
    }

    /// <summary>Checks a password at the same cost whether there is a user or not.</summary>
    /// <param name="password">What the client sent.</param>
    /// <param name="stored">The user's hash; null: there is no such user.</param>
    /// <param name="cancellationToken">Gives up waiting for a free core.</param>
    public async Task<PasswordCheck> CheckAsync(string password, string? stored, CancellationToken cancellationToken)
    {
        var expected = StoredHash.TryParse(stored) ?? _nobody;
        var computed = await ComputeAsync(password, expected.Salt, expected.Iterations, expected.Hash.Length, cancellationToken);
        return !CryptographicOperations.FixedTimeEquals(computed, expected.Hash) ? PasswordCheck.Wrong
            : expected.Iterations < options.PasswordIterations ? PasswordCheck.RightButWeak
            : PasswordCheck.Right;
    }

    private async Task<byte[]> ComputeAsync(string password, byte[] salt, int iterations, int length, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, length), CancellationToken.None);
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
            return parts is ["", Algorithm, ['i', '=', .. var factor], var salt, var hash]
                && int.TryParse(factor, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) && iterations > 0
                ? new StoredHash(iterations, Convert.FromBase64String(salt), Convert.FromBase64String(hash))
                : null;
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"${Algorithm}$i={Iterations}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Hash)}");
    }
}

/// <summary>What came of checking a password.</summary>
internal enum PasswordCheck
{
    /// <summary>Not this user's, or no such user.</summary>
    Wrong,

    /// <summary>This user's.</summary>
    Right,

    /// <summary>This user's, but hashed with less work than today: hash it again while it is known.</summary>
    RightButWeak,
}
