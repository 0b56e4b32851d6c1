using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;

namespace Gateway.Tests.Journal;

/// <summary>Calls as a journal sees them.</summary>
internal static class Calls
{
    private static readonly DateTime Admitted = new(2026, 3, 1, 22, 30, 0, DateTimeKind.Utc);

    public static HoldRecord Hold(Guid callId, int attempt = 1, long bound = 1_000_000) =>
        new()
        {
            CallId = callId,
            Attempt = attempt,
            AdmittedAt = Admitted,
            BoundNanoUsd = bound,
            ApiKeyId = "key-1",
            UserId = "user-1",
            TierId = "tier-1",
            ModelId = "model-1",
            ModelName = "gpt-4o-mini",
            Provider = "openai",
            CallType = "acompletion",
            Accounts = new HeldAccount[]
            {
                new(HeldScope.User, "budget-1", "", "monthly", Admitted.Date),
                new(HeldScope.Balance, "user-1", "", "", default),
            },
        };

    public static UsageRecord Usage(Guid callId, long cost = 1) =>
        new()
        {
            Id = callId.ToString(),
            Attempts = 1,
            ExternalRequestId = "chatcmpl-1",
            UserId = "user-1",
            ApiKeyId = "key-1",
            TierId = "tier-1",
            ModelId = "model-1",
            ModelName = "gpt-4o-mini",
            Provider = "openai",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new() { Input = 182, Output = 31 },
            TotalCostNanoUsd = cost,
            AdmittedAt = Admitted,
            FirstByteAt = Admitted.AddSeconds(1),
            EndedAt = Admitted.AddSeconds(2),
        };
}
