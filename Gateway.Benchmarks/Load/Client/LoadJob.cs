namespace Gateway.Benchmarks.Load.Client;

/// <summary>What the load generator is to do.</summary>
internal sealed record LoadJob
{
    public required int Port { get; init; }

    public required string ApiKey { get; init; }

    /// <summary>Whether the calls ask for a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Connections, each with one call at a time.</summary>
    public required int Connections { get; init; }

    /// <summary>How long new calls are begun; those that run then are waited for.</summary>
    public int Milliseconds { get; init; }

    /// <summary>
    /// Calls a second that begin whether or not others are answered; 0: each connection begins the next when it has its answer.
    /// </summary>
    public double Rate { get; init; }

    /// <summary>One stream a connection, and left open once its first bytes have come.</summary>
    public bool KeepOpen { get; init; }
}
