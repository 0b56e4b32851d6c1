using Gateway.Core.Policy;
using Gateway.Core.Upstreams;

namespace Gateway.Calls;

/// <summary>
/// One call: what every room knows of it, and how it went. What a later room adds, such as the body or the reservation, hangs on it as a
/// part, which that room shows as a
/// property of the call: read too early, it throws instead of being null. One thread at a time works on a call.
/// </summary>
internal sealed class Call(string requestId, CallApi api, Caller caller, DateTime admittedAt)
{
    private const int MostParts = 5;

    private readonly object?[] _parts = new object?[MostParts];

    /// <summary>Made by the gateway (UUID version 7): the call settles once by it.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>The API called.</summary>
    public CallApi Api { get; } = api;

    /// <summary>Who calls.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>When the call came: windows, rollups and prices are those of this moment.</summary>
    public DateTime AdmittedAt { get; set; } = admittedAt;

    /// <summary>The client's <c>x-request-id</c>, or null.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The chat that it is made for, or null.</summary>
    public string? ChatId { get; init; }

    /// <summary>The id that its answer will have as a message of the chat, or null.</summary>
    public string? MessageId { get; init; }

    /// <summary>For whom the client makes it, and its tags.</summary>
    public CallLabels Labels { get; set; } = CallLabels.None;

    /// <summary>The model asked for.</summary>
    /// <exception cref="InvalidOperationException">It is not resolved yet.</exception>
    public PolicyModel Model
    {
        get => ResolvedModel ?? throw new InvalidOperationException("The call has no model: the stage stands before resolving.");
        set => ResolvedModel = value;
    }

    /// <summary>The model asked for; null while it is not resolved.</summary>
    public PolicyModel? ResolvedModel { get; private set; }

    /// <summary>How often it was sent upstream.</summary>
    public int Attempts { get; set; }

    /// <summary>The one upstream that it may go to, by its name: where the response is kept that it goes on from. Null: any.</summary>
    public string? OnlyUpstream { get; set; }

    /// <summary>The upstream that it was sent to last; null: to none yet.</summary>
    public PolicyUpstream? Upstream { get; set; }

    /// <summary>LiteLLM's deployment that answered.</summary>
    public string? UpstreamModelId { get; set; }

    /// <summary>Whether LiteLLM answered from its cache.</summary>
    public bool CacheHit { get; set; }

    /// <summary>LiteLLM's own figure of the cost (<c>x-litellm-response-cost</c>), as it came.</summary>
    public string? UpstreamCostHeader { get; set; }

    /// <summary>When the upstream's answer began.</summary>
    public DateTime? FirstByteAt { get; set; }

    /// <summary>What became of it; null before it is settled, and for ever when it never went upstream.</summary>
    public CallResult? Result { get; set; }

    /// <summary>How long its body was waited for.</summary>
    public TimeSpan BodyWait { get; set; }

    /// <summary>When it first went upstream, by <see cref="System.Diagnostics.Stopwatch"/>; 0: never.</summary>
    public long SentTimestamp { get; set; }

    /// <summary>When the first byte of the answer's body came; 0: never.</summary>
    public long FirstBodyTimestamp { get; set; }

    /// <summary>When the upstream's body ended; 0: never.</summary>
    public long UpstreamEndTimestamp { get; set; }

    /// <summary>What a later room added.</summary>
    /// <exception cref="InvalidOperationException">It has not yet: the stage that asks stands too early.</exception>
    public T Part<T>()
        where T : class =>
        FindPart<T>() ?? throw new InvalidOperationException($"The call has no {typeof(T).Name}: the stage stands too early.");

    /// <summary>What a later room added; null when it has not.</summary>
    public T? FindPart<T>()
        where T : class
    {
        foreach (var part in _parts)
        {
            if (part is T found)
            {
                return found;
            }
        }
        return null;
    }

    /// <summary>Adds what a room knows of the call; once for each type.</summary>
    public void Add<T>(T part)
        where T : class => _parts[Array.IndexOf(_parts, null)] = part;
}
