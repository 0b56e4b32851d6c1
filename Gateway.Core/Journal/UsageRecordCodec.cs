using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Core.Journal;

/// <summary>
/// The members of a ledger row, in the order in which they stand in a record. A test fills every member of the entity and reads it back:
/// one that is added there and not here is noticed. New ones go to the end, read only when <see cref="RecordReader.IsAtEnd"/> is false.
/// </summary>
internal static class UsageRecordCodec
{
    private const byte IsStreamFlag = 1;
    private const byte CacheHitFlag = 2;
    private const byte IsCountedFlag = 4;
    private const byte IsPrepaidFlag = 8;
    private const byte IsOfChatFlag = 16;
    private const byte HasUpstreamFlag = 32;
    private const byte HasItemsFlag = 64;
    private const byte HasLabelsFlag = 128;
    private const int MostCharges = 1_000;

    // The classes that there were when the format was made; those that were added since stand at the end.
    private const int FirstClasses = 11;

    public static void Write(ref RecordWriter writer, UsageRecord usage)
    {
        writer.Byte(
            (byte)(
                (usage.IsStream ? IsStreamFlag : 0)
                | (usage.CacheHit ? CacheHitFlag : 0)
                | (usage.IsCounted ? IsCountedFlag : 0)
                | (usage.IsPrepaid ? IsPrepaidFlag : 0)
                | (IsOfChat(usage) ? IsOfChatFlag : 0)
                | (usage.Upstream is null ? 0 : HasUpstreamFlag)
                | (HasItems(usage.Usage.Items) ? HasItemsFlag : 0)
                | (HasLabels(usage) ? HasLabelsFlag : 0)
            )
        );
        writer.Number(usage.Attempts);
        writer.Text(usage.ExternalRequestId);
        writer.Text(usage.ClientRequestId);
        writer.Text(usage.UpstreamModelId);
        writer.Text(usage.UserId);
        writer.Text(usage.ApiKeyId);
        writer.Text(usage.TeamId);
        writer.Text(usage.TierId);
        writer.Text(usage.ModelId);
        writer.Text(usage.ModelName);
        writer.Text(usage.Provider);
        writer.Text(usage.CallType);
        writer.Text(usage.Status);
        writer.Text(usage.Outcome);
        writer.Number(usage.HttpStatus);
        writer.Text(usage.ServiceTier);
        writer.Text(usage.UsageSource);
        for (var i = 0; i < FirstClasses; i++)
        {
            writer.Number(usage.Usage[(TokenClass)i]);
        }
        writer.Number(usage.Usage.Items.WebSearches);
        writer.Number(usage.InputCostNanoUsd);
        writer.Number(usage.OutputCostNanoUsd);
        writer.Number(usage.TotalCostNanoUsd);
        writer.Number(usage.UpstreamCostNanoUsd);
        writer.Time(usage.AdmittedAt);
        writer.Time(usage.FirstByteAt);
        writer.Time(usage.EndedAt);
        writer.Number(usage.HeldNanoUsd);
        writer.Number(usage.Charges.Count);
        for (var i = 0; i < usage.Charges.Count; i++)
        {
            var charge = usage.Charges[i];
            writer.Text(charge.BudgetId);
            writer.Text(charge.SubjectId);
            writer.Time(charge.WindowStart);
        }
        if (IsOfChat(usage))
        {
            writer.Text(usage.ChatId);
            writer.Text(usage.MessageId);
        }
        if (HasItems(usage.Usage.Items))
        {
            WriteItems(ref writer, usage.Usage.Items);
        }
        for (var i = FirstClasses; i < TokenClasses.Counted; i++)
        {
            writer.Number(usage.Usage[(TokenClass)i]);
        }
        if (usage.Upstream is not null)
        {
            writer.Text(usage.Upstream);
        }
        if (HasLabels(usage))
        {
            LabelCodec.Write(ref writer, usage.EndUser, usage.Tags);
        }
    }

    // Searches stand with the classes.
    private static bool HasItems(in ItemUsage items) =>
        items != new ItemUsage { WebSearches = items.WebSearches, SearchContext = items.SearchContext };

    // Of the others only those that were used.
    private static void WriteItems(ref RecordWriter writer, in ItemUsage items)
    {
        var used = 0;
        for (var kind = ItemKind.ImagesMade; kind <= ItemKind.OutputPixels; kind++)
        {
            used += items[kind] != 0 ? 1 : 0;
        }
        writer.Number(used);
        for (var kind = ItemKind.ImagesMade; kind <= ItemKind.OutputPixels; kind++)
        {
            if (items[kind] != 0)
            {
                writer.Number((int)kind);
                writer.Number(items[kind]);
            }
        }
    }

    public static UsageRecord Read(ref RecordReader reader, Guid callId)
    {
        var flags = reader.Byte();
        var record = new UsageRecord
        {
            Id = callId.ToString(),
            IsStream = (flags & IsStreamFlag) != 0,
            CacheHit = (flags & CacheHitFlag) != 0,
            IsCounted = (flags & IsCountedFlag) != 0,
            IsPrepaid = (flags & IsPrepaidFlag) != 0,
            Attempts = reader.Integer(),
            ExternalRequestId = reader.TextOrNull(),
            ClientRequestId = reader.TextOrNull(),
            UpstreamModelId = reader.TextOrNull(),
            UserId = reader.Text(),
            ApiKeyId = reader.TextOrNull(),
            TeamId = reader.TextOrNull(),
            TierId = reader.Text(),
            ModelId = reader.Text(),
            ModelName = reader.Text(),
            Provider = reader.TextOrNull(),
            CallType = reader.Text(),
            Status = reader.Text(),
            Outcome = reader.Text(),
            HttpStatus = reader.Integer(),
            ServiceTier = reader.Text(),
            UsageSource = reader.Text(),
            Usage = ReadUsage(ref reader),
            InputCostNanoUsd = reader.Number(),
            OutputCostNanoUsd = reader.Number(),
            TotalCostNanoUsd = reader.Number(),
            UpstreamCostNanoUsd = reader.NumberOrNull(),
            AdmittedAt = reader.Time(),
            FirstByteAt = reader.TimeOrNull(),
            EndedAt = reader.Time(),
            HeldNanoUsd = reader.Number(),
            Charges = ReadCharges(ref reader),
            ChatId = (flags & IsOfChatFlag) == 0 ? null : reader.TextOrNull(),
            MessageId = (flags & IsOfChatFlag) == 0 ? null : reader.TextOrNull(),
        };
        record.Usage = WithLaterClasses(ref reader, (flags & HasItemsFlag) == 0 ? record.Usage : WithItems(ref reader, record.Usage));
        record.Upstream = (flags & HasUpstreamFlag) == 0 ? null : reader.TextOrNull();
        if ((flags & HasLabelsFlag) != 0)
        {
            (record.EndUser, record.Tags) = LabelCodec.Read(ref reader);
        }
        return record;
    }

    private static TokenUsage ReadUsage(ref RecordReader reader)
    {
        var counts = default(TokenCounts);
        for (var i = 0; i < FirstClasses; i++)
        {
            counts[i] = reader.Number();
        }
        return new TokenUsage(counts) { Items = new() { WebSearches = reader.Number() } };
    }

    private static TokenUsage WithItems(ref RecordReader reader, in TokenUsage usage)
    {
        var items = usage.Items;
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            items = items.With((ItemKind)reader.Integer(), reader.Number());
        }
        return usage with { Items = items };
    }

    // Records of a release before have none of them.
    private static TokenUsage WithLaterClasses(ref RecordReader reader, in TokenUsage usage)
    {
        if (TokenClasses.Counted == FirstClasses || reader.IsAtEnd)
        {
            return usage;
        }
        var counts = usage.Counts;
        for (var i = FirstClasses; i < TokenClasses.Counted; i++)
        {
            counts[i] = reader.Number();
        }
        return new TokenUsage(counts) { Items = usage.Items };
    }

    private static bool HasLabels(UsageRecord usage) => usage.EndUser is not null || usage.Tags.Count > 0;

    private static bool IsOfChat(UsageRecord usage) => usage.ChatId is not null || usage.MessageId is not null;

    private static BudgetCharge[] ReadCharges(ref RecordReader reader)
    {
        var count = reader.Number();
        List<BudgetCharge> charges = [];
        for (var i = 0; i < Math.Min(count, MostCharges) && !reader.Failed; i++)
        {
            charges.Add(new BudgetCharge(reader.Text(), reader.Text(), reader.Time()));
        }
        return [.. charges];
    }
}
