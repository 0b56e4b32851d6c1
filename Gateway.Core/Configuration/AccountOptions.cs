using Gateway.Core.Keys;

namespace Gateway.Core.Configuration;

/// <summary>Who gets an account, and how passwords are kept.</summary>
public sealed class AccountOptions
{
    /// <summary>The first admin's email, used once when no admin exists.</summary>
    [FormOption("ADMIN_EMAIL", "an email address", nameof(TryReadEmail))]
    public string? AdminEmail { get; internal set; }

    /// <summary>The first admin's password, used once when no admin exists.</summary>
    [TextOption("ADMIN_PASSWORD", "8 to 128 characters", Minimum = 8, Maximum = 128, IsSecret = true)]
    public string? AdminPassword { get; internal set; }

    /// <summary>
    /// An API key (form <c>sk-hub-...</c>) created for the first admin at the first start, once: for containers and tests.
    /// </summary>
    [FormOption(
        "HUB_BOOTSTRAP_KEY",
        "sk-hub-<public id, 16 base62 characters>-<secret, 43 base62 characters>",
        nameof(IsApiKey),
        IsSecret = true
    )]
    public string? BootstrapKey { get; internal set; }

    /// <summary>Work factor of password hashes: iterations of PBKDF2-HMAC-SHA512.</summary>
    [NumberOption("PASSWORD_ITERATIONS", 1_000, 10_000_000, "iterations of PBKDF2")]
    public int PasswordIterations { get; internal set; } = 210_000;

    /// <summary>
    /// The highest work factor of an imported bcrypt hash that is checked: the work is 2 to this power. Users with a higher one cannot sign
    /// in until an admin sets their password.
    /// </summary>
    [NumberOption("BCRYPT_MAX_COST", 4, 18, "as a power of two")]
    public int BcryptMaxCost { get; internal set; } = 14;

    /// <summary>
    /// Whether anybody may register. Null: the setting <c>registration_enabled</c> decides, which starts open in Development and closed
    /// elsewhere.
    /// </summary>
    [SwitchOption("REGISTRATION_ENABLED")]
    public bool? RegistrationEnabled { get; internal set; }

    /// <summary>Whether anybody may open a guest account, which calls free models and is deleted after <see cref="GuestLife"/>.</summary>
    [SwitchOption("GUEST_SESSIONS_ENABLED")]
    public bool GuestSessions { get; internal set; }

    /// <summary>How long a guest account lives.</summary>
    [NumberOption("GUEST_DAYS", 1, 3_650, "days")]
    public TimeSpan GuestLife { get; internal set; } = TimeSpan.FromDays(7);

    private static bool TryReadEmail(string text, out string email)
    {
        email = text.ToLowerInvariant();
        return text.Length <= 255 && text.IndexOf('@') > 0 && !text.EndsWith('@');
    }

    private static bool IsApiKey(string text) => ApiKeyText.TryParse(text, out _, out _);
}
