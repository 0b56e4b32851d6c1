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
        private set { } // what is stored is never newer
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

    /// <summary>Set on a deleted account: the row stays as a tombstone for its ledger entries.</summary>
    public DateTime? DeletedAt { get; set; }
}
