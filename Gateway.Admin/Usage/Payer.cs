namespace Gateway.Admin.Usage;

/// <summary>Who pays for a call.</summary>
internal sealed record Payer(string UserId, string? ApiKeyId, string? TeamId, string TierId, string? BillingMode);
