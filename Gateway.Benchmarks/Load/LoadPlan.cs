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
