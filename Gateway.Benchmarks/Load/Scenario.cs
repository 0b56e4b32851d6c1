namespace Gateway.Benchmarks.Load;

/// <summary>One kind of load.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Stream">Whether answers are streams.</param>
/// <param name="PauseMilliseconds">What the upstream waits between two chunks.</param>
/// <param name="Connections">Calls at one time.</param>
/// <param name="Rate">Calls a second; 0: as many as come through.</param>
internal sealed record Scenario(string Name, bool Stream, int PauseMilliseconds, int Connections, double Rate = 0)
{
    public static readonly Scenario Plain = new("Plain call, 16 connections", Stream: false, PauseMilliseconds: 0, Connections: 16);

    /// <summary>As many plain calls as come through.</summary>
    public static readonly Scenario Operator = new("Plain call, 32 connections", Stream: false, PauseMilliseconds: 0, Connections: 32);

    /// <summary>As models send: each chunk by itself, so that a proxy wakes up, reads and writes once a chunk.</summary>
    public static readonly Scenario PacedStream = new(
        "Stream of 200 chunks, one each 5 ms, 32 connections",
        Stream: true,
        PauseMilliseconds: 5,
        Connections: 32
    );

    /// <summary>
    /// The worst case of work a byte: chunks come as fast as the upstream can write them, and a proxy finds several at a time.
    /// </summary>
    public static readonly Scenario BurstStream = new(
        "Stream of 200 chunks at once, 8 connections",
        Stream: true,
        PauseMilliseconds: 0,
        Connections: 8
    );

    public static Scenario PlainAt(double rate) =>
        new(
            $"Plain call at {rate:F0} calls/s (half of the gateway's saturation)",
            Stream: false,
            PauseMilliseconds: 0,
            Connections: 32,
            rate
        );
}
