namespace Gateway.Admin.Usage;

/// <summary>What one model cost on one day (UTC).</summary>
internal sealed record BillLine(string Day, string? Model, long Requests, long InputTokens, long OutputTokens, decimal TotalCost)
{
    public static BillLine From(UsageGroup sum)
    {
        var row = UsageReportRow.From(sum, isHourly: false, isForStaff: false);
        return new BillLine(row.Day!, row.Model, row.Requests, row.InputTokens, row.OutputTokens, row.TotalCost);
    }
}
