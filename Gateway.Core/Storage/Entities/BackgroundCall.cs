namespace Gateway.Core.Storage.Entities;

/// <summary>A call whose answer the provider still makes in the background. Its row in the ledger has its whole hold until then.</summary>
public sealed class BackgroundCall
{
    /// <summary>The call's id.</summary>
    public required string Id { get; set; }

    /// <summary>The upstream's id of the response, whole.</summary>
    public required string ResponseId { get; set; }

    /// <summary>The prices that it is charged by, those of its model when it began, JSON; null: a release before wrote it.</summary>
    public string? Prices { get; set; }

    /// <summary>When it began, UTC.</summary>
    public DateTime CreatedAt { get; set; }
}
