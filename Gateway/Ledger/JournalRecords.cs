using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Journal;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>Makes a hold that has no end into a row of the ledger.</summary>
internal static class JournalRecords
{
    /// <summary>What is held is held for the call, whatever the number of destinations that it is tried at: it settles once.</summary>
    public const int OnlyAttempt = 1;

    /// <summary>
    /// The row of a call that was in flight when its node died. Nobody knows what it used: with <see cref="CrashSettle.Bound"/> it is
    /// charged with all that was held for it, so that no cap can have been exceeded unseen; with <see cref="CrashSettle.Passed"/> with
    /// nothing.
    /// </summary>
    public static UsageRecord CrashedCall(HoldRecord hold, CrashSettle crashSettle, DateTime now)
    {
        var cost = crashSettle == CrashSettle.Bound && !hold.Accounts.IsEmpty ? hold.BoundNanoUsd : 0;
        return new UsageRecord
        {
            Id = hold.CallId.ToString(),
            Attempts = hold.Attempt,
            ClientRequestId = hold.ClientRequestId,
            UserId = hold.UserId,
            ApiKeyId = hold.ApiKeyId,
            TeamId = hold.TeamId,
            TierId = hold.TierId,
            ModelId = hold.ModelId,
            ModelName = hold.ModelName,
            Provider = hold.Provider,
            CallType = hold.CallType,
            Status = RecordStatuses.Failed,
            Outcome = Outcomes.NodeLost,
            HttpStatus = StatusCodes.Status502BadGateway,
            IsStream = hold.IsStream,
            ServiceTier = ServiceTier.Default.ToName(),
            IsPrepaid = IsPrepaid(hold.Accounts.Span),
            HeldNanoUsd = hold.BoundNanoUsd,
            Charges = ChargesOf(hold.Accounts.Span),
            UsageSource = crashSettle == CrashSettle.Bound ? UsageSources.Bound : UsageSources.None,
            InputCostNanoUsd = cost,
            TotalCostNanoUsd = cost,
            AdmittedAt = hold.AdmittedAt,
            EndedAt = now,
            ChatId = hold.ChatId,
            MessageId = hold.MessageId,
            EndUser = hold.EndUser,
            Tags = hold.Tags ?? [],
        };
    }

    private static bool IsPrepaid(ReadOnlySpan<HeldAccount> accounts)
    {
        foreach (ref readonly var account in accounts)
        {
            if (account.Scope == HeldScope.Balance)
            {
                return true;
            }
        }
        return false;
    }

    private static List<BudgetCharge> ChargesOf(ReadOnlySpan<HeldAccount> accounts)
    {
        List<BudgetCharge> charges = [];
        foreach (ref readonly var account in accounts)
        {
            if (account.Scope != HeldScope.Balance)
            {
                charges.Add(new BudgetCharge(account.Id, account.SubjectId, account.WindowStart));
            }
        }
        return charges;
    }
}
