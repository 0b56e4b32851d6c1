namespace Gateway.Core.Storage.Entities;

/// <summary>
/// What a call said: kept only while the setting <c>log_request_bodies</c> is on, for as many days as <c>body_retention_days</c> says.
/// Never part of the ledger.
/// </summary>
public sealed class RequestContent
{
    /// <summary>The call's id in the ledger.</summary>
    public required string Id { get; set; }

    /// <summary>Whose words they are.</summary>
    public required string UserId { get; set; }

    /// <summary>The client's body, JSON unless it was cut off.</summary>
    public required string Request { get; set; }

    /// <summary>What went to the client: a JSON body, or the events of a stream. Empty when there was no answer.</summary>
    public required string Response { get; set; }

    /// <summary>Whether one of both was longer than what is kept.</summary>
    public bool IsCut { get; set; }

    /// <summary>When the call was admitted.</summary>
    public DateTime CreatedAt { get; set; }
}
