namespace Gateway.Core.Journal;

/// <summary>The members of a hold, in the order in which they stand in a record.</summary>
internal static class HoldCodec
{
    private const byte IsStreamFlag = 1;
    private const byte IsOfChatFlag = 2;
    private const byte HasLabelsFlag = 4;
    private const int MostAccounts = 1_000;

    public static void Write(ref RecordWriter writer, in HoldRecord hold)
    {
        writer.Number(hold.Attempt);
        writer.Time(hold.AdmittedAt);
        writer.Number(hold.BoundNanoUsd);
        writer.Text(hold.ApiKeyId);
        writer.Text(hold.UserId);
        writer.Text(hold.TeamId);
        writer.Text(hold.TierId);
        writer.Text(hold.ModelId);
        writer.Text(hold.ModelName);
        writer.Text(hold.Provider);
        writer.Text(hold.CallType);
        writer.Byte(
            (byte)((hold.IsStream ? IsStreamFlag : 0) | (IsOfChat(hold) ? IsOfChatFlag : 0) | (HasLabels(hold) ? HasLabelsFlag : 0))
        );
        writer.Text(hold.ClientRequestId);
        writer.Number(hold.Accounts.Length);
        foreach (ref readonly var account in hold.Accounts.Span)
        {
            writer.Byte((byte)account.Scope);
            writer.Text(account.Id);
            writer.Text(account.SubjectId);
            writer.Text(account.Period);
            writer.Time(account.WindowStart);
        }
        if (IsOfChat(hold))
        {
            writer.Text(hold.ChatId);
            writer.Text(hold.MessageId);
        }
        if (HasLabels(hold))
        {
            LabelCodec.Write(ref writer, hold.EndUser, hold.Tags ?? []);
        }
    }

    public static HoldRecord Read(ref RecordReader reader, Guid callId)
    {
        var hold = new HoldRecord
        {
            CallId = callId,
            Attempt = reader.Integer(),
            AdmittedAt = reader.Time(),
            BoundNanoUsd = reader.Number(),
            ApiKeyId = reader.TextOrNull(),
            UserId = reader.Text(),
            TeamId = reader.TextOrNull(),
            TierId = reader.Text(),
            ModelId = reader.Text(),
            ModelName = reader.Text(),
            Provider = reader.TextOrNull(),
            CallType = reader.Text(),
        };
        var flags = reader.Byte();
        hold = hold with
        {
            IsStream = (flags & IsStreamFlag) != 0,
            ClientRequestId = reader.TextOrNull(),
            Accounts = ReadAccounts(ref reader),
            ChatId = (flags & IsOfChatFlag) == 0 ? null : reader.TextOrNull(),
            MessageId = (flags & IsOfChatFlag) == 0 ? null : reader.TextOrNull(),
        };
        if ((flags & HasLabelsFlag) == 0)
        {
            return hold;
        }
        var (endUser, tags) = LabelCodec.Read(ref reader);
        return hold with { EndUser = endUser, Tags = tags };
    }

    private static bool HasLabels(in HoldRecord hold) => hold.EndUser is not null || hold.Tags is { Count: > 0 };

    private static bool IsOfChat(in HoldRecord hold) => hold.ChatId is not null || hold.MessageId is not null;

    private static HeldAccount[] ReadAccounts(ref RecordReader reader)
    {
        var count = reader.Number();
        List<HeldAccount> accounts = [];
        for (var i = 0; i < Math.Min(count, MostAccounts) && !reader.Failed; i++)
        {
            accounts.Add(new HeldAccount((HeldScope)reader.Byte(), reader.Text(), reader.Text(), reader.Text(), reader.Time()));
        }
        return [.. accounts];
    }
}
