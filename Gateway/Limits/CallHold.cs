using Gateway.Bodies;
using Gateway.Core.Journal;
using Gateway.Core.Quotas;
using Gateway.Ledger;
using Gateway.Limits.Budgets;

namespace Gateway.Limits;

/// <summary>The hold of a call that goes upstream now, as the journal keeps it.</summary>
internal static class CallHold
{
    public static HoldRecord Of(Reservation reservation)
    {
        var (call, hold) = (reservation.Call, reservation.Hold);
        return new HoldRecord
        {
            CallId = Guid.Parse(call.RequestId),
            Attempt = JournalRecords.OnlyAttempt,
            AdmittedAt = call.AdmittedAt,
            BoundNanoUsd = hold?.Amount.NanoUsd ?? 0,
            ApiKeyId = call.Caller.Key?.Id,
            UserId = call.Caller.User.Id,
            TeamId = call.Caller.TeamId,
            TierId = call.Caller.User.TierId,
            ModelId = call.Model.Id,
            ModelName = call.Model.Name,
            Provider = call.Model.Provider,
            CallType = call.Api.CallType,
            IsStream = call.Body.Members.Stream,
            ClientRequestId = call.ClientRequestId,
            Accounts = AccountsOf(hold),
            ChatId = call.ChatId,
            MessageId = call.MessageId,
            EndUser = call.Labels.EndUser,
            Tags = call.Labels.Tags,
        };
    }

    private static HeldAccount[] AccountsOf(MoneyHold? hold)
    {
        if (hold is not { Lines.Length: > 0 })
        {
            return [];
        }
        var accounts = new HeldAccount[hold.Lines.Length];
        for (var i = 0; i < accounts.Length; i++)
        {
            var line = hold.Lines[i];
            accounts[i] = line.Account switch
            {
                BudgetAccount account => new HeldAccount(
                    ScopeOf(line.Budget!.Scope),
                    account.BudgetId,
                    account.SubjectId,
                    line.Budget.Period.Text,
                    line.WindowStart
                ),
                BalanceAccount account => new HeldAccount(HeldScope.Balance, account.UserId, "", "", default),
                _ => throw new InvalidOperationException($"A hold from {line.Account.GetType().Name} cannot be written down."),
            };
        }
        return accounts;
    }

    private static HeldScope ScopeOf(QuotaScope scope) =>
        scope switch
        {
            QuotaScope.ApiKey => HeldScope.ApiKey,
            QuotaScope.User => HeldScope.User,
            QuotaScope.Team => HeldScope.Team,
            _ => HeldScope.TierModel,
        };
}
