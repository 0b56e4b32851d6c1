namespace Gateway.Core.Storage.Entities;

/// <summary>A credential of a machine for <c>/api/v1</c>. Written by Admin.</summary>
public sealed class MachineToken
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>What its maker calls it; the audit log names it so.</summary>
    public required string Name { get; set; }

    /// <summary>The public part: unique, may be logged.</summary>
    public required string PublicId { get; set; }

    /// <summary>SHA-256 of the secret part, 64 lower-case hexadecimal characters.</summary>
    public required string SecretHash { get; set; }

    /// <summary><c>support</c> or <c>admin</c>.</summary>
    public required string Role { get; set; }

    /// <summary>Networks (CIDR) that it may be used from; empty: all.</summary>
    public List<string> AllowedIps { get; set; } = [];

    /// <summary>The admin who made it.</summary>
    public required string CreatedBy { get; set; }

    /// <summary>When it stops working; null: never.</summary>
    public DateTime? ExpiresAt { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }
}
