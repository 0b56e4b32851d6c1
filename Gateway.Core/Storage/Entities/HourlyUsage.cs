namespace Gateway.Core.Storage.Entities;

/// <summary>Sums per hour.</summary>
public sealed class HourlyUsage : UsageRollup;
