using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Benchmarks.Stages;

/// <summary>A call of usual size: three budgets, ids as the product makes them.</summary>
internal static class JournalCalls
{
    private static readonly Guid CallId = Guid.CreateVersion7();
    private static readonly string UserId = Guid.CreateVersion7().ToString();
    private static readonly string KeyId = Guid.CreateVersion7().ToString();
    private static readonly string TierId = Guid.CreateVersion7().ToString();
    private static readonly string ModelId = Guid.CreateVersion7().ToString();
    private static readonly DateTime Now = DateTime.UtcNow;

    public static HoldRecord Hold() =>
        new()
        {
            CallId = CallId,
            Attempt = 1,
            AdmittedAt = Now,
            BoundNanoUsd = 12_345_678,
            ApiKeyId = KeyId,
            UserId = UserId,
            TierId = TierId,
            ModelId = ModelId,
            ModelName = "gpt-4o-mini",
            Provider = "openai",
            CallType = "acompletion",
            Accounts = new HeldAccount[]
            {
                new(HeldScope.ApiKey, Guid.CreateVersion7().ToString(), "", "daily", Now.Date),
                new(HeldScope.User, Guid.CreateVersion7().ToString(), "", "monthly", Now.Date),
                new(HeldScope.TierModel, Guid.CreateVersion7().ToString(), UserId, "30d", Now.Date),
            },
        };

    public static UsageRecord Usage() =>
        new()
        {
            Id = CallId.ToString(),
            Attempts = 1,
            ExternalRequestId = "chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012",
            UpstreamModelId = new string('a', 64),
            UserId = UserId,
            ApiKeyId = KeyId,
            TierId = TierId,
            ModelId = ModelId,
            ModelName = "gpt-4o-mini",
            Provider = "openai",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = TokenUsage.OfText(182, 31),
            InputCostNanoUsd = 27_300,
            OutputCostNanoUsd = 18_600,
            TotalCostNanoUsd = 45_900,
            UpstreamCostNanoUsd = 45_900,
            AdmittedAt = Now,
            FirstByteAt = Now,
            EndedAt = Now,
        };
}
