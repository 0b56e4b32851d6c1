using System.Text;

namespace Gateway.Core.Configuration;

/// <summary>Tells whether a text may sign access tokens: long enough, and not a value that stands in somebody's documentation.</summary>
public static class SigningSecret
{
    /// <summary>The least length in bytes: the block of HMAC-SHA256's output.</summary>
    public const int MinimumBytes = 32;

    private static readonly string[] KnownExamples =
    [
        "your-secret-key",
        "your_jwt_secret",
        "change-me",
        "changeme",
        "change_me",
        "change-this",
        "change_this",
        "secret-key",
        "supersecret",
        "super-secret",
        "example",
        "default-secret",
        "jwt-secret",
        "jwt_secret",
        "placeholder",
    ];

    /// <summary>
    /// False for secrets shorter than <see cref="MinimumBytes"/>, of fewer than eight different characters, or that contain a known
    /// example.
    /// </summary>
    public static bool IsAcceptable(string secret) =>
        Encoding.UTF8.GetByteCount(secret) >= MinimumBytes
        && secret.Distinct().Count() >= 8
        && !KnownExamples.Any(example => secret.Contains(example, StringComparison.OrdinalIgnoreCase));
}
