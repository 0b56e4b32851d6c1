namespace Gateway.Benchmarks.Load;

/// <summary>How long and how often is measured.</summary>
/// <param name="Rounds">Rounds of each scenario; in each, both targets are measured, and the order turns from round to round.</param>
/// <param name="WarmUpRounds">At most so many rounds of load on each target before anything is measured, for the JIT.</param>
/// <param name="Milliseconds">One measurement.</param>
/// <param name="OpenStreams">Streams held open for the figure of memory.</param>
internal sealed record LoadPlan(int Rounds, int WarmUpRounds, int Milliseconds, int OpenStreams)
{
    public static readonly LoadPlan Full = new(Rounds: 7, WarmUpRounds: 12, Milliseconds: 3_000, OpenStreams: 1_000);
    public static readonly LoadPlan Quick = new(Rounds: 3, WarmUpRounds: 5, Milliseconds: 1_000, OpenStreams: 1_000);
}

/// <summary>One kind of load.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Stream">Whether answers are streams.</param>
/// <param name="PauseMilliseconds">What the upstream waits between two chunks.</param>
/// <param name="Connections">Calls at one time.</param>
/// <param name="Rate">Calls a second; 0: as many as come through.</param>
internal sealed record Scenario(string Name, bool Stream, int PauseMilliseconds, int Connections, double Rate = 0)
{
    public static readonly Scenario Plain = new("Plain call, 16 connections", Stream: false, PauseMilliseconds: 0, Connections: 16);

    /// <summary>As models send: each chunk by itself, so that a proxy wakes up, reads and writes once a chunk.</summary>
    public static readonly Scenario PacedStream = new("Stream of 200 chunks, one each 5 ms, 32 connections", Stream: true, PauseMilliseconds: 5, Connections: 32);

    /// <summary>The worst case of work a byte: chunks come as fast as the upstream can write them, and a proxy finds several at a time.</summary>
    public static readonly Scenario BurstStream = new("Stream of 200 chunks at once, 8 connections", Stream: true, PauseMilliseconds: 0, Connections: 8);

    public static Scenario PlainAt(double rate) => new($"Plain call at {rate:F0} calls/s (half of the gateway's saturation)", Stream: false, PauseMilliseconds: 0, Connections: 32, rate);
}
