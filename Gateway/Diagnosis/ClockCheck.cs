namespace Gateway.Diagnosis;

/// <summary>Is this machine's clock right? Windows of limits, tokens and the ledger's times hang on it. It is compared with the database's
/// and the upstreams'.</summary>
internal static class ClockCheck
{
    private const string Part = "clock";

    // Their times have whole seconds, and an answer takes a while.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Wrong = TimeSpan.FromMinutes(5);

    /// <summary>Compares.</summary>
    /// <param name="database">How far the database's clock is ahead; null: it was not asked.</param>
    /// <param name="upstreams">How far the upstreams' clocks are ahead.</param>
    public static Finding Run(TimeSpan? database, IReadOnlyList<TimeSpan> upstreams)
    {
        List<(string Whose, TimeSpan Ahead)> clocks =
        [
            .. database is { } ahead ? [("the database", ahead)] : Array.Empty<(string, TimeSpan)>(),
            .. upstreams.Select(u => ("the upstream", u)),
        ];
        if (clocks.Count == 0)
        {
            return Finding.Ok(Part, "there is no other clock to compare it with");
        }
        var (whose, worst) = clocks.MaxBy(c => c.Ahead.Duration());
        var text =
            $"differs by {worst.Duration().TotalSeconds:0} s from that of {whose}. Turn on time synchronisation (NTP) on both "
            + "machines.";
        return worst.Duration() < Slack ? Finding.Ok(Part, $"agrees with {string.Join(" and ", clocks.Select(c => c.Whose).Distinct())}")
            : worst.Duration() < Wrong ? Finding.Warning(Part, text)
            : Finding.Fault(Part, text);
    }
}
