using Gateway.Sandbox.Ledger;

namespace Gateway.Sandbox;

/// <summary>Which calls to read; what is null does not matter.</summary>
public sealed record SandboxLedgerFilter
{
    /// <summary>Calls with a higher <see cref="SandboxCall.Sequence"/>.</summary>
    public long? AfterSequence { get; init; }

    /// <summary>Calls started at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Calls for this model.</summary>
    public string? Model { get; init; }

    /// <summary>Calls of this key, by its hash prefix.</summary>
    public string? Key { get; init; }

    /// <summary>The call with this id.</summary>
    public string? CallId { get; init; }

    internal bool Fits(SandboxLedgerEntry entry) =>
        (AfterSequence is null || entry.Sequence > AfterSequence)
        && (Since is null || entry.StartedAt >= Since)
        && (Model is null || entry.Model == Model)
        && (Key is null || entry.Key == Key)
        && (CallId is null || entry.CallId == CallId);
}
