namespace Gateway.Core.Storage.Entities;

/// <summary>A level of service: limits hang on it, users are in one.</summary>
public sealed class Tier
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>Unique ignoring case.</summary>
    public required string Name { get; set; }

    /// <summary><see cref="Name"/> in lower case: the unique index works on this.</summary>
    public required string NameKey { get; set; }

    /// <summary>Free text, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Whether anybody may register on it.</summary>
    public bool IsFree { get; set; }

    /// <summary>The total spend that unlocks it, in nano-dollars (not a fee).</summary>
    public long PriceNanoUsd { get; set; }

    /// <summary>The most answer tokens of one call; null: the model's own maximum.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary><c>prepaid</c>, <c>postpaid</c>, or null for the process's.</summary>
    public string? BillingMode { get; set; }

    /// <summary>Whether calls pass when the database cannot be asked what their limits and budgets have left.</summary>
    public bool FailOpen { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}
