namespace Gateway.Benchmarks.Operator;

/// <summary>How long and how often is measured.</summary>
/// <param name="Starts">Starts on an empty folder and on an existing database.</param>
/// <param name="Rounds">Rounds of each kind of load; in each, all servers are measured, and the order turns from round to round.</param>
/// <param name="Milliseconds">One measurement.</param>
/// <param name="WarmUpSeconds">Load on a server, at most, before it counts as warm.</param>
internal sealed record OperatorPlan(int Starts, int Rounds, int Milliseconds, int WarmUpSeconds)
{
    public static readonly OperatorPlan Full = new(Starts: 5, Rounds: 5, Milliseconds: 3_000, WarmUpSeconds: 60);
    public static readonly OperatorPlan Quick = new(Starts: 2, Rounds: 3, Milliseconds: 2_000, WarmUpSeconds: 25);
}
