using System.Text.Json.Serialization;
using Gateway.Core.Usage;

namespace Gateway.Core.Storage.Entities;

/// <summary>
/// One call that was admitted: an entry of the ledger in words; <see cref="LedgerEntry"/> is how it is stored. Carries no prompt and no
/// answer. Ids of user, key, team, tier and model are those of the admission and are never nulled; there are no foreign keys, so that a row
/// outlives what it names.
/// </summary>
public sealed class UsageRecord
{
    /// <summary>The request id that the gateway made (UUID version 7): the call settles once by it.</summary>
    public required string Id { get; set; }

    /// <summary>How many attempts were made upstream; the last one settled.</summary>
    public int Attempts { get; set; }

    /// <summary>
    /// The <c>id</c> of the answer as the client saw it; null when the answer had none. Upstream ids repeat: indexed, not unique.
    /// </summary>
    public string? ExternalRequestId { get; set; }

    /// <summary>The client's own <c>x-request-id</c>; stored, never used to settle.</summary>
    public string? ClientRequestId { get; set; }

    /// <summary>The upstream that answered, by its name, or was tried last; null: not known.</summary>
    public string? Upstream { get; set; }

    /// <summary>LiteLLM's deployment (<c>x-litellm-model-id</c>), or null.</summary>
    public string? UpstreamModelId { get; set; }

    /// <summary>Who is charged.</summary>
    public required string UserId { get; set; }

    /// <summary>The key, or null for a call with an access token.</summary>
    public string? ApiKeyId { get; set; }

    /// <summary>The team at admission, or null.</summary>
    public string? TeamId { get; set; }

    /// <summary>The user's tier at admission.</summary>
    public required string TierId { get; set; }

    /// <summary>The catalogue's model.</summary>
    public required string ModelId { get; set; }

    /// <summary>The catalogue's name of the model at admission: what was asked for and is charged.</summary>
    public required string ModelName { get; set; }

    /// <summary>The provider, for instance <c>openai</c>, or null.</summary>
    public string? Provider { get; set; }

    /// <summary>LiteLLM's word for the API: <c>acompletion</c>, <c>atext_completion</c>, <c>aembedding</c>.</summary>
    public required string CallType { get; set; }

    /// <summary><c>completed</c> or <c>failed</c>.</summary>
    public required string Status { get; set; }

    /// <summary>
    /// What happened, finer than <see cref="Status"/>: <c>ok</c>, <c>client_left</c>, <c>upstream_error</c>, <c>upstream_truncated</c>, ...
    /// </summary>
    public required string Outcome { get; set; }

    /// <summary>The HTTP status that the client got (or would have got).</summary>
    public int HttpStatus { get; set; }

    /// <summary>Whether the answer was a stream.</summary>
    public bool IsStream { get; set; }

    /// <summary>The service tier that priced the call: <c>default</c>, <c>priority</c>, <c>flex</c>, <c>batch</c>.</summary>
    public required string ServiceTier { get; set; }

    /// <summary>Whether the call counts in request windows: false when the upstream never answered it.</summary>
    public bool IsCounted { get; set; } = true;

    /// <summary>Whether the call was paid from the user's prepaid balance.</summary>
    public bool IsPrepaid { get; set; }

    /// <summary>Whether this process's account of the balance knows the charge. Not a column: after a restart no account does.</summary>
    public bool IsBalanceHeld { get; set; }

    /// <summary>The budget windows that the call is booked in. Not a column: it follows from the ids and the time of the row.</summary>
    public IReadOnlyList<BudgetCharge> Charges { get; set; } = [];

    /// <summary>The database's numbers for its texts, from when it is written or read for sums. Not stored with it.</summary>
    [JsonIgnore]
    public LedgerNumbers Numbers { get; set; }

    /// <summary>What was held for the call before it was sent, nano-dollars; 0 when nothing was.</summary>
    public long HeldNanoUsd { get; set; }

    /// <summary>Where the token counts and the cost come from: one of <see cref="UsageSources"/>.</summary>
    public required string UsageSource { get; set; }

    /// <summary>
    /// The row that this one corrects, at most one each; null: the row is a call. A correction adds to sums of tokens and money, and counts
    /// as no request.
    /// </summary>
    public string? CorrectsId { get; set; }

    /// <summary>Tokens of each class, and web searches; of what else is used by the piece no count is kept.</summary>
    public TokenUsage Usage { get; set; }

    /// <summary>Total minus output cost, nano-dollars.</summary>
    public long InputCostNanoUsd { get; set; }

    /// <summary>Cost of the answer, nano-dollars.</summary>
    public long OutputCostNanoUsd { get; set; }

    /// <summary>What was charged, nano-dollars.</summary>
    public long TotalCostNanoUsd { get; set; }

    /// <summary>What LiteLLM says the call cost, nano-dollars; null when it did not say.</summary>
    public long? UpstreamCostNanoUsd { get; set; }

    /// <summary>When the call was admitted: it belongs to the windows, rollups and prices of this moment.</summary>
    public DateTime AdmittedAt { get; set; }

    /// <summary>When the first byte of the answer came; null when none did.</summary>
    public DateTime? FirstByteAt { get; set; }

    /// <summary>When the answer ended.</summary>
    public DateTime EndedAt { get; set; }

    /// <summary>Whether LiteLLM answered from its cache.</summary>
    public bool CacheHit { get; set; }

    /// <summary>The chat that the call was made for, or null.</summary>
    public string? ChatId { get; set; }

    /// <summary>The id of the message that the answer was stored as, or null.</summary>
    public string? MessageId { get; set; }

    /// <summary>For whom the caller made the call, as it says; null: it did not say.</summary>
    public string? EndUser { get; set; }

    /// <summary>The tags that the caller gave it.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>
    /// Which of them are not added up apart, because their user's day has too many: bit 0 for the end user, the next ones for the tags in
    /// their order. Set when the row is written.
    /// </summary>
    public int FoldedLabels { get; set; }
}
