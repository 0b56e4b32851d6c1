namespace Gateway.Core.Storage.Entities;

/// <summary>A key for <c>/v1</c>. Written by Admin; what traffic knows of it stands in <see cref="ApiKeyUsage"/>.</summary>
public sealed class ApiKey
{
    /// <summary>The row's id; ledger entries name it for ever.</summary>
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

    /// <summary>
    /// After a rotation with overlap: SHA-256 of the secret before, in the form of <see cref="SecretHash"/>; good until
    /// <see cref="PreviousSecretEndsAt"/>.
    /// </summary>
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

    /// <summary>Set on a deleted key: it is refused as revoked; the row stays for its ledger entries.</summary>
    public DateTime? DeletedAt { get; set; }
}
