namespace Gateway.Core.Storage.Entities;

/// <summary>Sums per day.</summary>
public sealed class DailyUsage : UsageRollup;
