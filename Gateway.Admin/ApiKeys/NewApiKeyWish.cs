namespace Gateway.Admin.ApiKeys;

/// <summary>A key to be made.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="TeamId">The team that it spends for; null: its owner's.</param>
/// <param name="Limits">What it may do, as a change of a key without limits.</param>
internal sealed record NewApiKeyWish(string Name, string? TeamId, ApiKeyUpdate Limits);
