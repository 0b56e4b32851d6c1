namespace Gateway.Core.Storage.Entities;

/// <summary>A currency that amounts may be shown in.</summary>
public sealed class Currency
{
    /// <summary>Three capital letters (ISO 4217).</summary>
    public required string Id { get; set; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>The sign beside an amount.</summary>
    public required string Symbol { get; set; }
}

/// <summary>What one unit of a currency is in another. For display; money is USD.</summary>
public sealed class ExchangeRate
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The currency of the one unit.</summary>
    public required string FromCurrency { get; set; }

    /// <summary>The other currency; unique with <see cref="FromCurrency"/>.</summary>
    public required string ToCurrency { get; set; }

    /// <summary>Units of the other, above zero, at most ten decimals.</summary>
    public decimal Rate { get; set; }

    /// <summary>When it was read.</summary>
    public DateTime UpdatedAt { get; set; }
}

/// <summary>A credential of a machine for <c>/api/v1</c>. Written by Admin.</summary>
public sealed class AccessToken
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
