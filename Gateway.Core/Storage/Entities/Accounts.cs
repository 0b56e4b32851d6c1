namespace Gateway.Core.Storage.Entities;

/// <summary>A person or service that owns keys and pays for calls. Written by Admin.</summary>
public sealed class User
{
    /// <summary>Lower-case UUID version 7, or an imported id of at most 36 characters.</summary>
    public required string Id { get; set; }

    /// <summary>Lower-case, unique.</summary>
    public required string Email { get; set; }

    /// <summary>3 to 100 characters, unique ignoring case (see <see cref="UsernameKey"/>).</summary>
    public required string Username { get; set; }

    /// <summary><see cref="Username"/> in lower case: the unique index works on this.</summary>
    public required string UsernameKey { get; set; }

    /// <summary>The display name, or null.</summary>
    public string? Name { get; set; }

    /// <summary>What a search looks through: email, username and name in lower case, one below the other. Follows from them.</summary>
    public string SearchKey
    {
        get => $"{Email}\n{UsernameKey}\n{Name?.ToLowerInvariant()}";
        private set { }   // what is stored is never newer
    }

    /// <summary>Unique when not null.</summary>
    public string? Phone { get; set; }

    /// <summary>A salted password hash that names its own algorithm and work factor. Never sent.</summary>
    public required string PasswordHash { get; set; }

    /// <summary>One of <see cref="Roles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>The tier whose limits apply.</summary>
    public required string TierId { get; set; }

    /// <summary>The team, or null.</summary>
    public string? TeamId { get; set; }

    /// <summary>False: can neither sign in nor call.</summary>
    public bool IsActive { get; set; }

    /// <summary>Whether the email is known to be the user's.</summary>
    public bool IsVerified { get; set; }

    /// <summary>An account without credentials of its own that ends at <see cref="ExpiresAt"/>.</summary>
    public bool IsGuest { get; set; }

    /// <summary>When a guest's account ends.</summary>
    public DateTime? ExpiresAt { get; set; }

    /// <summary>One of <see cref="FreeTierStatuses"/>.</summary>
    public required string FreeTierStatus { get; set; }

    /// <summary>Tokens per calendar month (UTC); null: no limit.</summary>
    public long? MonthlyTokenLimit { get; set; }

    /// <summary><c>prepaid</c>, <c>postpaid</c>, or null for the tier's.</summary>
    public string? BillingMode { get; set; }

    /// <summary>When the account was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When people last changed it.</summary>
    public DateTime UpdatedAt { get; set; }

    /// <summary>The last sign-in with a password.</summary>
    public DateTime? LastLoginAt { get; set; }

    /// <summary>Set on a deleted account: the row stays as a tombstone for its usage records.</summary>
    public DateTime? DeletedAt { get; set; }
}

/// <summary>Roles of users (management API, section 1.6).</summary>
public static class Roles
{
    /// <summary>The default.</summary>
    public const string Customer = "customer";

    /// <summary>The same rights as <see cref="Customer"/>; a label for contract customers.</summary>
    public const string Enterprise = "enterprise";

    /// <summary>Staff: reads.</summary>
    public const string Support = "support";

    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Customer, Enterprise, Support, Admin];
}

/// <summary>Whether a user of a free tier may call (management API, section 4.9).</summary>
public static class FreeTierStatuses
{
    /// <summary>Not on a free tier.</summary>
    public const string None = "none";

    /// <summary>Waits for an admin.</summary>
    public const string Pending = "pending";

    /// <summary>May call.</summary>
    public const string Approved = "approved";

    /// <summary>An admin said no.</summary>
    public const string Rejected = "rejected";
}

/// <summary>Money facts of a user, written by traffic.</summary>
public sealed class UserAccount
{
    /// <summary>The user.</summary>
    public required string UserId { get; set; }

    /// <summary>Prepaid money left, in nano-dollars.</summary>
    public long BalanceNanoUsd { get; set; }

    /// <summary>All that was ever charged, in nano-dollars.</summary>
    public long TotalSpentNanoUsd { get; set; }

    /// <summary>The last charge.</summary>
    public DateTime UpdatedAt { get; set; }
}

/// <summary>A sign-in: what a refresh token continues and a logout ends.</summary>
public sealed class Session
{
    /// <summary>The claim <c>sid</c>.</summary>
    public required string Id { get; set; }

    /// <summary>Who signed in.</summary>
    public required string UserId { get; set; }

    /// <summary>When.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>The last refresh.</summary>
    public DateTime LastUsedAt { get; set; }

    /// <summary>When no refresh continues it any more.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>When it was ended before its time.</summary>
    public DateTime? RevokedAt { get; set; }

    /// <summary>Why it was ended.</summary>
    public string? RevokeReason { get; set; }

    /// <summary>The client's address at sign-in.</summary>
    public string? Ip { get; set; }

    /// <summary>The client's user agent at sign-in, at most 255 characters.</summary>
    public string? UserAgent { get; set; }
}

/// <summary>One refresh token of a session; each is good for one use.</summary>
public sealed class RefreshToken
{
    /// <summary>The claim <c>jti</c>.</summary>
    public required string Id { get; set; }

    /// <summary>The session.</summary>
    public required string SessionId { get; set; }

    /// <summary>When it was given out.</summary>
    public DateTime IssuedAt { get; set; }

    /// <summary>When it ends unused.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>When it was used; a second use ends the session.</summary>
    public DateTime? UsedAt { get; set; }

    /// <summary>The token that it was exchanged for.</summary>
    public string? ReplacedBy { get; set; }
}

/// <summary>Which account a subject of another issuer has. Written once; a deleted account stays bound, so that its subject does not come back as a new one.</summary>
public sealed class ExternalIdentity
{
    /// <summary>The claim <c>iss</c>.</summary>
    public required string Issuer { get; set; }

    /// <summary>SHA-256 of the claim that names the user, 64 lower-case hexadecimal characters.</summary>
    public required string SubjectHash { get; set; }

    /// <summary>The account.</summary>
    public required string UserId { get; set; }

    /// <summary>When the token was issued whose tier, team and role were applied last: an older one changes nothing.</summary>
    public DateTime ClaimsIssuedAt { get; set; }

    /// <summary>When the subject was first seen.</summary>
    public DateTime CreatedAt { get; set; }
}

/// <summary>A company of users with limits and budgets in common.</summary>
public sealed class Team
{
    /// <summary>At most 64 characters; may be chosen.</summary>
    public required string Id { get; set; }

    /// <summary>The display name.</summary>
    public required string Name { get; set; }

    /// <summary>Free text, or null.</summary>
    public string? Description { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}

/// <summary>A key for <c>/v1</c>. Written by Admin; what traffic knows of it stands in <see cref="ApiKeyUsage"/>.</summary>
public sealed class ApiKey
{
    /// <summary>The row's id; usage records name it for ever.</summary>
    public required string Id { get; set; }

    /// <summary>The owner.</summary>
    public required string UserId { get; set; }

    /// <summary>The key's own team, or null for its owner's.</summary>
    public string? TeamId { get; set; }

    /// <summary>What the owner calls it.</summary>
    public required string Name { get; set; }

    /// <summary>The public part of the key: unique, may be logged.</summary>
    public required string PublicId { get; set; }

    /// <summary>SHA-256 of the secret part, 64 lower-case hexadecimal characters.</summary>
    public required string SecretHash { get; set; }

    /// <summary>After a rotation with overlap: SHA-256 of the secret before, in the form of <see cref="SecretHash"/>; good until <see cref="PreviousSecretEndsAt"/>.</summary>
    public string? PreviousSecretHash { get; set; }

    /// <summary>When the secret before the last rotation dies; null when there is none.</summary>
    public DateTime? PreviousSecretEndsAt { get; set; }

    /// <summary>How the key is shown in lists.</summary>
    public required string Preview { get; set; }

    /// <summary>LiteLLM's id of the key, when it is mirrored there.</summary>
    public string? ExternalId { get; set; }

    /// <summary>When it stops working; null: never.</summary>
    public DateTime? ExpiresAt { get; set; }

    /// <summary>False: refused.</summary>
    public bool IsActive { get; set; }

    /// <summary>Names of the models that it may use; empty: all.</summary>
    public List<string> Models { get; set; } = [];

    /// <summary>Networks (CIDR) that calls with it may come from; empty: all.</summary>
    public List<string> AllowedIps { get; set; } = [];

    /// <summary>What an admin limited of it; null: nothing.</summary>
    public ApiKeyLimits? AdminLimits { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }

    /// <summary>Set on a deleted key: it is refused as revoked; the row stays for its usage records.</summary>
    public DateTime? DeletedAt { get; set; }
}

/// <summary>What traffic did with a key, model by model.</summary>
public sealed class ApiKeyUsage
{
    /// <summary>The key.</summary>
    public required string ApiKeyId { get; set; }

    /// <summary>The model.</summary>
    public required string ModelId { get; set; }

    /// <summary>Calls recorded.</summary>
    public long RequestCount { get; set; }

    /// <summary>What they cost, in nano-dollars.</summary>
    public long TotalCostNanoUsd { get; set; }

    /// <summary>The last call's admission.</summary>
    public DateTime LastUsedAt { get; set; }
}
