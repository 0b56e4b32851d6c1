using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Storage;

/// <summary>Turns calls into entries of the ledger and back.</summary>
public static class LedgerEntries
{
    /// <summary>The entry of a call whose texts have numbers.</summary>
    public static LedgerEntry EntryOf(UsageRecord record)
    {
        var numbers = record.Numbers;
        var entry = new LedgerEntry
        {
            Id = record.Id,
            CorrectsId = record.CorrectsId,
            AdmittedAt = record.AdmittedAt,
            Took = UtcTime.MicrosecondsBetween(record.AdmittedAt, record.EndedAt),
            FirstByteAfter = record.FirstByteAt is { } first ? UtcTime.MicrosecondsBetween(record.AdmittedAt, first) : null,
            UserNumber = numbers.User,
            ApiKeyNumber = numbers.ApiKey == 0 ? null : numbers.ApiKey,
            TeamNumber = numbers.Team == 0 ? null : numbers.Team,
            ModelNumber = numbers.Model,
            TraitsNumber = numbers.Traits,
            IsPrepaid = record.IsPrepaid,
            IsBound = record.UsageSource == UsageSources.Bound,
            TotalCostNanoUsd = record.TotalCostNanoUsd,
            OutputCostNanoUsd = OtherUsage.OrNull(record.OutputCostNanoUsd),
            HeldNanoUsd = OtherUsage.OrNull(record.HeldNanoUsd),
            UpstreamCostNanoUsd = record.UpstreamCostNanoUsd,
            ExternalRequestId = record.ExternalRequestId,
            ClientRequestId = record.ClientRequestId,
            ChatId = record.ChatId,
            MessageId = record.MessageId,
            EndUser = record.EndUser,
            Tags = TagText.Of(record.Tags),
            FoldedLabels = record.FoldedLabels == 0 ? null : record.FoldedLabels,
        };
        OtherUsage.Write(entry, record.Usage);
        return entry;
    }

    /// <summary>
    /// Entries in words. Filter and order entries first, by their numbers: by a text of the result the database would read them all.
    /// </summary>
    public static IQueryable<UsageRecord> RecordsOf(this HubDbContext db, IQueryable<LedgerEntry> entries) =>
        from e in entries
        join t in db.LedgerTraits on e.TraitsNumber equals t.Number
        select new UsageRecord
        {
            Id = e.Id,
            CorrectsId = e.CorrectsId,
            AdmittedAt = e.AdmittedAt,
            EndedAt = UtcTime.After(e.AdmittedAt, e.Took),
            FirstByteAt = UtcTime.AfterOrNull(e.AdmittedAt, e.FirstByteAfter),
            UserId = db.LedgerNames.Where(n => n.Number == e.UserNumber).Select(n => n.Name).FirstOrDefault()!,
            ApiKeyId = db.LedgerNames.Where(n => n.Number == e.ApiKeyNumber).Select(n => n.Name).FirstOrDefault(),
            TeamId = db.LedgerNames.Where(n => n.Number == e.TeamNumber).Select(n => n.Name).FirstOrDefault(),
            ModelId = db.LedgerNames.Where(n => n.Number == e.ModelNumber).Select(n => n.Name).FirstOrDefault()!,
            ModelName = t.ModelName,
            Provider = t.Provider,
            Upstream = t.Upstream,
            UpstreamModelId = t.UpstreamModelId,
            TierId = db.LedgerNames.Where(n => n.Number == t.TierNumber).Select(n => n.Name).FirstOrDefault()!,
            CallType = t.CallType,
            Status = t.Status,
            Outcome = t.Outcome,
            HttpStatus = t.HttpStatus,
            IsStream = t.IsStream,
            ServiceTier = t.ServiceTier,
            UsageSource = t.UsageSource,
            IsCounted = t.IsCounted,
            CacheHit = t.CacheHit,
            Attempts = t.Attempts,
            Numbers = new LedgerNumbers(e.UserNumber, e.ApiKeyNumber ?? 0, e.TeamNumber ?? 0, e.ModelNumber, t.TierNumber, t.Number),
            IsPrepaid = e.IsPrepaid,
            Usage = OtherUsage.Read(e.InputTokens, e.CacheReadTokens, e.OutputTokens, e.ReasoningTokens, e.OtherUsage),
            InputCostNanoUsd = e.TotalCostNanoUsd - (e.OutputCostNanoUsd ?? 0),
            OutputCostNanoUsd = e.OutputCostNanoUsd ?? 0,
            TotalCostNanoUsd = e.TotalCostNanoUsd,
            HeldNanoUsd = e.HeldNanoUsd ?? 0,
            UpstreamCostNanoUsd = e.UpstreamCostNanoUsd,
            ExternalRequestId = e.ExternalRequestId,
            ClientRequestId = e.ClientRequestId,
            ChatId = e.ChatId,
            MessageId = e.MessageId,
            EndUser = e.EndUser,
            Tags = TagText.Read(e.Tags),
            FoldedLabels = e.FoldedLabels ?? 0,
        };

    /// <summary>The number of an id, as a part of a query: of no row when the ledger does not know it.</summary>
    public static IQueryable<int?> NumberOf(this HubDbContext db, string name) =>
        db.LedgerNames.Where(n => n.Name == name).Select(n => (int?)n.Number);
}
