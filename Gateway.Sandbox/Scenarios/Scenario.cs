namespace Gateway.Sandbox.Scenarios;

/// <summary>How calls to a model are answered. Immutable; a row of <see cref="ScenarioTable"/> with its parameters filled in.</summary>
internal sealed record Scenario
{
    public AnswerScript Answer { get; init; } = AnswerScript.Greeting;

    public Fault Fault { get; init; }

    /// <summary>The status of <see cref="Fault.Status"/>, and the code inside an error event.</summary>
    public int Status { get; init; } = 500;

    /// <summary>Whether LiteLLM would show another status than the provider's.</summary>
    public bool MapsStatus { get; init; }

    public int RetryAfterSeconds { get; init; }

    public TimeSpan FirstByteDelay { get; init; }

    public TimeSpan ChunkDelay { get; init; }

    public ToldUsage Report { get; init; }

    public TokenSplit Shape { get; init; }

    /// <summary>Reasoning tokens that are counted but never shown, per choice.</summary>
    public int HiddenReasoning { get; init; }

    public SandboxUsage? FixedUsage { get; init; }

    /// <summary>Bytes per write to the socket; 0 writes frame by frame.</summary>
    public int SplitBytes { get; init; }

    public bool CarriageReturns { get; init; }

    public bool Comments { get; init; }

    public bool NoDone { get; init; }

    public bool NullIds { get; init; }

    public bool IgnoresMaximum { get; init; }

    public bool CallsTools { get; init; }

    public bool Endless { get; init; }
}
