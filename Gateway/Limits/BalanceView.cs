namespace Gateway.Limits;

/// <summary>Prepaid money, in USD.</summary>
internal sealed record BalanceView(decimal Remaining, decimal Held);
