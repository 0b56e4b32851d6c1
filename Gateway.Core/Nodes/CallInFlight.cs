using Gateway.Core.Pricing;

namespace Gateway.Core.Nodes;

/// <summary>A call that has not ended.</summary>
/// <param name="Id">The request id that the gateway made.</param>
/// <param name="UserId">Who is charged.</param>
/// <param name="ApiKeyId">The key; null: an access token.</param>
/// <param name="TeamId">The team, or null.</param>
/// <param name="TierId">The user's tier.</param>
/// <param name="ModelId">The catalogue's model.</param>
/// <param name="ModelName">The model's name.</param>
/// <param name="CallType">LiteLLM's word for the API.</param>
/// <param name="IsStream">Whether a stream was asked for.</param>
/// <param name="AdmittedAt">When it came, UTC.</param>
/// <param name="Upstream">Where it was sent to last; null: nowhere yet.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="IsAnswering">Whether the answer has begun.</param>
/// <param name="Held">What is held in each of <paramref name="Holds"/>.</param>
/// <param name="Holds">The budgets and the balance that it is paid from.</param>
public sealed record CallInFlight(
    string Id,
    string UserId,
    string? ApiKeyId,
    string? TeamId,
    string TierId,
    string ModelId,
    string ModelName,
    string CallType,
    bool IsStream,
    DateTime AdmittedAt,
    string? Upstream,
    int Attempts,
    bool IsAnswering,
    Money Held,
    IReadOnlyList<CallHolding> Holds
);
