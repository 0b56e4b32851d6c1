using Gateway.Calls;

namespace Gateway.Bodies;

/// <summary>
/// Asks the upstream of a stream for the usage chunk, where the client did not: without it nothing exact could be charged.
/// </summary>
internal static class UsageOption
{
    private static readonly byte[] WholeMember = ",\"stream_options\":{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] WholeValue = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] FirstMember = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    /// <summary>Puts the option into a stream's body that lacks it.</summary>
    public static void PutIn(Call call)
    {
        var body = call.Body;
        if (call.Api.BodyForm.HidesUsageOfStreams && body.Members is { Stream: true, IncludeUsage: false })
        {
            body.Edit(AskForUsage(body));
        }
    }

    private static BodyEdit AskForUsage(RequestBody body)
    {
        var members = body.Members;
        if (!members.IncludeUsageRange.IsEmpty)
        {
            return new BodyEdit(members.IncludeUsageRange.Offset, members.IncludeUsageRange.Length, True);
        }
        if (members.StreamOptionsRange.IsEmpty)
        {
            return new BodyEdit(members.ModelRange.Offset + members.ModelRange.Length, 0, WholeMember);
        }
        var value = body.Bytes.Span.Slice(members.StreamOptionsRange.Offset, members.StreamOptionsRange.Length);
        var isEmpty = !members.StreamOptionsIsObject || value[1..^1].Trim(" \t\r\n"u8).IsEmpty;
        return isEmpty
            ? new BodyEdit(members.StreamOptionsRange.Offset, members.StreamOptionsRange.Length, WholeValue)
            : new BodyEdit(members.StreamOptionsRange.Offset + 1, 0, FirstMember);
    }
}
