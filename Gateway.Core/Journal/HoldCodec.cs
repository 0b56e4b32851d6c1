namespace Gateway.Core.Journal;

/// <summary>The members of a hold, in the order in which they stand in a record.</summary>
internal static class HoldCodec
{
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
        writer.Byte(hold.IsStream ? (byte)1 : (byte)0);
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
        writer.Text(hold.ChatId);
        writer.Text(hold.MessageId);
    }

    public static HoldRecord Read(ref RecordReader reader, Guid callId) =>
        new()
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
            IsStream = reader.Flag(),
            ClientRequestId = reader.TextOrNull(),
            Accounts = ReadAccounts(ref reader),
            ChatId = reader.IsAtEnd ? null : reader.TextOrNull(),
            MessageId = reader.IsAtEnd ? null : reader.TextOrNull(),
        };

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
