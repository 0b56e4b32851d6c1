using Gateway.Limits.Rates;
using Gateway.Callers;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Ledger;
using Gateway.Core.Journal;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Bodies;

namespace Gateway.Calls;

/// <summary>What the stages know of one call. Each stage fills in its own part; one thread at a time works on it.</summary>
internal sealed class InferenceRequest(string requestId, InferenceApi api, DateTime admittedAt)
{
    /// <summary>Made by the gateway (UUID version 7): the call settles once by it.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>The API called.</summary>
    public InferenceApi Api { get; } = api;

    /// <summary>When the call came: windows, rollups and prices are those of this moment.</summary>
    public DateTime AdmittedAt { get; set; } = admittedAt;

    /// <summary>Who calls. Set by authentication.</summary>
    public Caller Caller { get; set; } = null!;

    /// <summary>The body and what it says. Set by reading.</summary>
    public RequestBody Body { get; set; } = null!;

    /// <summary>The model asked for. Set by resolving.</summary>
    public PolicyModel Model { get; set; } = null!;

    /// <summary>What limits the call. Set by admission.</summary>
    public CallQuotas Quotas { get; set; } = null!;

    /// <summary>The most that it can use and cost. Set by admission; a clamp lowers it.</summary>
    public CallBound Bound { get; set; }

    /// <summary>Whether the answer was seen to go past the maximum that it was asked for; then an estimate may, too.</summary>
    public bool IsPastMaximum { get; set; }

    /// <summary>What it took from the windows. Set by admission.</summary>
    public AdmissionLease? Lease { get; set; }

    /// <summary>The money held for it; null when no budget or balance applies.</summary>
    public MoneyHold? Hold { get; set; }

    /// <summary>Its last record in the journal before it is settled; none when the journal had no room.</summary>
    public JournalPosition LastJournalRecord { get; set; }

    /// <summary>The client's <c>x-request-id</c>, or null.</summary>
    public string? ClientRequestId { get; set; }

    /// <summary>The rates that price the call: those in force at admission.</summary>
    public PriceTable Prices => Model.Prices;

    /// <summary>Copies what goes to the client; null unless prompts and answers are kept.</summary>
    public ContentCapture? Capture { get; set; }

    /// <summary>How often it was sent upstream.</summary>
    public int Attempts { get; set; }

    /// <summary>LiteLLM's deployment that answered.</summary>
    public string? UpstreamModelId { get; set; }

    /// <summary>Whether LiteLLM answered from its cache.</summary>
    public bool CacheHit { get; set; }

    /// <summary>LiteLLM's own figure of the cost (<c>x-litellm-response-cost</c>), as it came.</summary>
    public string? UpstreamCostHeader { get; set; }

    /// <summary>When the upstream's answer began.</summary>
    public DateTime? FirstByteAt { get; set; }

    /// <summary>Whether the call is settled: it happens once.</summary>
    public bool IsSettled { get; set; }

    /// <summary>What the ledger says of the call; null before it is settled.</summary>
    public UsageRecord? Record { get; set; }

    /// <summary>What the meter knows of the answer; null before the call is settled.</summary>
    public MeteredAnswer? Answer { get; set; }

    /// <summary>What it used, as settled.</summary>
    public TokenUsage Usage { get; set; }

    /// <summary>How long its body was waited for.</summary>
    public TimeSpan BodyWait { get; set; }

    /// <summary>When it first went upstream, by <see cref="System.Diagnostics.Stopwatch"/>; 0: never.</summary>
    public long SentTimestamp { get; set; }

    /// <summary>When the first byte of the answer's body came; 0: never.</summary>
    public long FirstBodyTimestamp { get; set; }

    /// <summary>When the upstream's body ended; 0: never.</summary>
    public long UpstreamEndTimestamp { get; set; }

    /// <summary>Gives back all that was taken for a call that is refused before it went upstream. To be done before the refusal's bytes leave: its client may call again at once.</summary>
    public void GiveBack()
    {
        Hold?.Settle(Money.Zero);
        Lease?.Release(LeaseEnd.NeverAnswered);
    }
}
