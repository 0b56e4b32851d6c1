using Gateway.Admin.Conventions;

namespace Gateway.Admin.ApiKeys;

/// <summary>What is to change of a key.</summary>
internal sealed record ApiKeyUpdate
{
    private const int MostModels = 1_000;
    private const int MostNetworks = 100;

    public Sent<string> Name { get; init; }

    public Sent<bool> IsActive { get; init; }

    public Sent<List<string>?> Models { get; init; }

    public Sent<List<string>?> AllowedIps { get; init; }

    public Sent<DateTime?> ExpiresAt { get; init; }

    public KeyBudgetWish Budget { get; init; }

    /// <summary>Reads the limits that a new key may come with.</summary>
    public static ApiKeyUpdate ReadLimits(MemberReader members, DateTime now) =>
        new()
        {
            Models = members.Names("models", MostModels, maximumLength: 255),
            AllowedIps = members.Networks("allowed_ips", MostNetworks),
            ExpiresAt = members.NullableFutureTime("expires_at", now),
            Budget = KeyBudget.Read(members),
        };
}
