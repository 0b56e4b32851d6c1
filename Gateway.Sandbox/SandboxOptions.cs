namespace Gateway.Sandbox;

/// <summary>What one sandbox is: where it listens, whom it knows, how much it remembers. Read once, at the start.</summary>
public sealed record SandboxOptions
{
    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The key that callers present as a bearer token. Null makes a random one at each start.</summary>
    public string? ApiKey { get; init; }

    /// <summary>More keys that are accepted, so that a test can tell callers apart in the ledger.</summary>
    public IReadOnlyList<string> AdditionalKeys { get; init; } = [];

    /// <summary>The version of LiteLLM to behave like.</summary>
    public LiteLlmBehaviour Behaviour { get; init; } = LiteLlmBehaviour.Current;

    /// <summary>
    /// Deployments beside those of <see cref="SandboxCatalogue.Default"/>. A name that stands there too becomes one more deployment of it.
    /// </summary>
    public IReadOnlyList<SandboxModel> ExtraModels { get; init; } = [];

    /// <summary>Whether the ledger keeps what each call sent (headers, body, its hash). Off for load tests.</summary>
    public bool KeepBodies { get; init; } = true;

    /// <summary>Calls the ledger keeps; the oldest go first, and are counted as dropped.</summary>
    public int LedgerCapacity { get; init; } = 1_000_000;

    /// <summary>Calls of which the body is kept, the newest ones.</summary>
    public int BodyCapacity { get; init; } = 1_000;

    /// <summary>Bytes of a body that are kept as text; the hash is of the whole.</summary>
    public int BodyBytes { get; init; } = 65_536;

    /// <summary>Chunks after which <c>sandbox-endless</c> ends all the same.</summary>
    public int EndlessChunks { get; init; } = 1_000_000;

    /// <summary>Pause between two chunks of <c>sandbox-trickle</c>.</summary>
    public TimeSpan TrickleInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long an idle connection is kept. LiteLLM's own value, which a pooled client must stay below.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
