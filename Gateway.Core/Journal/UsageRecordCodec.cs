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

    // The classes that there were when the format was made; those that were added since stand with the items, by their place and this.
    private const int FirstClasses = 11;
    private const int ClassOffset = 128;

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
                | (HasOthers(usage.Usage) ? HasItemsFlag : 0)
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
        if (HasOthers(usage.Usage))
        {
            WriteOthers(ref writer, usage.Usage);
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
    private static bool HasOthers(in TokenUsage usage) =>
        usage.Items != new ItemUsage { WebSearches = usage.Items.WebSearches, SearchContext = usage.Items.SearchContext }
        || LaterClasses(usage) > 0;

    private static int LaterClasses(in TokenUsage usage)
    {
        var used = 0;
        for (var i = FirstClasses; i < TokenClasses.Counted; i++)
        {
            used += usage[(TokenClass)i] != 0 ? 1 : 0;
        }
        return used;
    }

    // Items and later classes, only those that were used: each by its number, and how many.
    private static void WriteOthers(ref RecordWriter writer, in TokenUsage usage)
    {
        var used = LaterClasses(usage);
        for (var kind = ItemKind.ImagesMade; kind <= ItemKind.OutputPixels; kind++)
        {
            used += usage.Items[kind] != 0 ? 1 : 0;
        }
        writer.Number(used);
        for (var kind = ItemKind.ImagesMade; kind <= ItemKind.OutputPixels; kind++)
        {
            WriteOther(ref writer, (int)kind, usage.Items[kind]);
        }
        for (var i = FirstClasses; i < TokenClasses.Counted; i++)
        {
            WriteOther(ref writer, ClassOffset + i, usage[(TokenClass)i]);
        }
    }

    private static void WriteOther(ref RecordWriter writer, int number, long count)
    {
        if (count != 0)
        {
            writer.Number(number);
            writer.Number(count);
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
        record.Usage = (flags & HasItemsFlag) == 0 ? record.Usage : WithOthers(ref reader, record.Usage);
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

    private static TokenUsage WithOthers(ref RecordReader reader, in TokenUsage usage)
    {
        var (items, counts) = (usage.Items, usage.Counts);
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            var (number, count) = (reader.Integer(), reader.Number());
            if (number is >= ClassOffset + FirstClasses and < ClassOffset + TokenClasses.Counted)
            {
                counts[number - ClassOffset] = count;
            }
            else
            {
                items = items.With((ItemKind)number, count);
            }
        }
        return new TokenUsage(counts) { Items = items };
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
