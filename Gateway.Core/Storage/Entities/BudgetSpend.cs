namespace Gateway.Core.Storage.Entities;

/// <summary>What traffic spent of one window of a budget. Written by traffic, in the batch that inserts the records.</summary>
public sealed class BudgetSpend
{
    /// <summary>The budget.</summary>
    public required string BudgetId { get; set; }

    /// <summary>The user, for a budget of a tier; the end user, for one of end users; else empty.</summary>
    public required string SubjectId { get; set; }

    /// <summary>The window's start.</summary>
    public DateTime WindowStart { get; set; }

    /// <summary>Ended calls, nano-dollars.</summary>
    public long SpentNanoUsd { get; set; }

    /// <summary>The last charge.</summary>
    public DateTime UpdatedAt { get; set; }
}
