namespace Gateway.Core.Journal;

/// <summary>
/// Money held for one call: what a node writes down before it sends the call upstream, and all that is needed to settle the call when the
/// node dies on the way. Carries no credential, no prompt and no answer.
/// </summary>
public readonly record struct HoldRecord
{
    /// <summary>The call's id, made by the gateway (UUID version 7).</summary>
    public required Guid CallId { get; init; }

    /// <summary>The attempt upstream that the money is held for, from 1. Holds of later attempts replace those of earlier ones.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the call was admitted, UTC: it belongs to the windows, rollups and prices of this moment.</summary>
    public required DateTime AdmittedAt { get; init; }

    /// <summary>The upper bound of the call's cost, nano-dollars; the same amount is held in every account.</summary>
    public required long BoundNanoUsd { get; init; }

    /// <summary>The key, or null for a call with an access token.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>Who is charged.</summary>
    public required string UserId { get; init; }

    /// <summary>The team at admission, or null.</summary>
    public string? TeamId { get; init; }

    /// <summary>The user's tier at admission.</summary>
    public required string TierId { get; init; }

    /// <summary>The catalogue's model.</summary>
    public required string ModelId { get; init; }

    /// <summary>The catalogue's name of the model at admission.</summary>
    public required string ModelName { get; init; }

    /// <summary>The provider, or null.</summary>
    public string? Provider { get; init; }

    /// <summary>The kind of API, in LiteLLM's word: <c>acompletion</c>, <c>aembedding</c>, ...</summary>
    public required string CallType { get; init; }

    /// <summary>Whether the client asked for a stream.</summary>
    public bool IsStream { get; init; }

    /// <summary>The client's own <c>x-request-id</c>, or null.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The chat that the call is made for, or null.</summary>
    public string? ChatId { get; init; }

    /// <summary>The id that the answer will have as a message, or null.</summary>
    public string? MessageId { get; init; }

    /// <summary>For whom the caller makes the call, or null.</summary>
    public string? EndUser { get; init; }

    /// <summary>The tags that the caller gave it; null: none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The accounts that the bound is held in, in the order of the scopes.</summary>
    public ReadOnlyMemory<HeldAccount> Accounts { get; init; }
}
