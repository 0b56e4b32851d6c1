namespace Gateway.Core.Configuration;

/// <summary>How LiteLLM is managed.</summary>
public sealed class LiteLlmOptions
{
    /// <summary>
    /// The time that a management call to LiteLLM may take (not a call); null: what admins set, 30 s unless they did.
    /// </summary>
    [DurationOption("LITELLM_TIMEOUT", "100ms", "10m")]
    public TimeSpan? LiteLlmTimeout { get; internal set; }

    /// <summary>
    /// Whether keys made here are also registered at LiteLLM, so that they work there too. Needs a LiteLLM with a database.
    /// </summary>
    [SwitchOption("LITELLM_MIRROR_KEYS")]
    public bool MirrorKeys { get; internal set; }

    /// <summary>
    /// Whether calls that went straight to LiteLLM are taken into the ledger, every minute. Needs a LiteLLM with a database.
    /// </summary>
    [SwitchOption("LITELLM_IMPORT_SPEND")]
    public bool ImportSpend { get; internal set; }

    /// <summary>How often models and prices are read from the upstream again; zero: only at start and on demand.</summary>
    [SecondsOption("MODEL_SYNC_SECONDS", 0, 86_400)]
    public TimeSpan ModelSyncInterval { get; internal set; } = TimeSpan.FromMinutes(5);
}
