namespace Gateway.Core.Journal;

/// <summary>
/// Money held for one call: what a node writes down before it sends the call upstream, and all that is needed to settle the call when the node dies on the way.
/// Carries no credential, no prompt and no answer.
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

    /// <summary>The accounts that the bound is held in, in the order of the scopes.</summary>
    public ReadOnlyMemory<HeldAccount> Accounts { get; init; }
}

/// <summary>One account that money is held in.</summary>
/// <param name="Scope">What the account counts over.</param>
/// <param name="Id">The budget, or for a balance the user.</param>
/// <param name="SubjectId">The user, for a budget of a tier that counts each user apart; else empty.</param>
/// <param name="Period">The window's kind as it was given (<c>daily</c>, <c>30d</c>, <c>never</c>); empty for a balance.</param>
/// <param name="WindowStart">The window's start, UTC; the default for a balance.</param>
public readonly record struct HeldAccount(HeldScope Scope, string Id, string SubjectId, string Period, DateTime WindowStart);

/// <summary>What an account counts over. The numbers stand in files: never change them.</summary>
public enum HeldScope : byte
{
    /// <summary>A budget of one API key.</summary>
    ApiKey = 0,

    /// <summary>A budget of one user.</summary>
    User = 1,

    /// <summary>A budget of one team.</summary>
    Team = 2,

    /// <summary>A budget of a tier, for one model or all, each user apart.</summary>
    TierModel = 3,

    /// <summary>A user's prepaid balance.</summary>
    Balance = 4,
}
