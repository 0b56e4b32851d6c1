namespace Gateway.Telemetry;

/// <summary>How much of a budget's cap is spent: the values of the label <c>used</c>.</summary>
internal static class BudgetBands
{
    /// <summary>From the emptiest to the fullest; their limits are the thresholds that events tell of.</summary>
    public static readonly string[] All = ["under_50", "50_to_80", "80_to_95", "95_to_100", "exhausted"];

    /// <summary>The place in <see cref="All"/>.</summary>
    public static int Of(long spentNanoUsd, long capNanoUsd) =>
        ((Int128)spentNanoUsd * 100) switch
        {
            var share when share >= (Int128)capNanoUsd * 100 => 4,
            var share when share >= (Int128)capNanoUsd * 95 => 3,
            var share when share >= (Int128)capNanoUsd * 80 => 2,
            var share when share >= (Int128)capNanoUsd * 50 => 1,
            _ => 0,
        };
}
