using Gateway.Core.Storage.Entities;

namespace Gateway.Tests.Admin.Support;

public static class PastSums
{
    /// <summary>The sum of some ids.</summary>
    public static PastSum Of(
        this UsageRollup sum,
        string userId,
        string apiKeyId = "",
        string modelId = "m",
        string teamId = "",
        string tierId = "t"
    ) => new(sum, userId, apiKeyId, modelId, teamId, tierId);
}
