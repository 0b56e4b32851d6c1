namespace Gateway.Core.Journal;

/// <summary>The end user and the tags of a call, in the order in which they stand in a record.</summary>
internal static class LabelCodec
{
    private const int MostTags = 1_000;

    public static void Write(ref RecordWriter writer, string? endUser, IReadOnlyList<string> tags)
    {
        writer.Text(endUser);
        writer.Number(tags.Count);
        for (var i = 0; i < tags.Count; i++)
        {
            writer.Text(tags[i]);
        }
    }

    public static (string? EndUser, IReadOnlyList<string> Tags) Read(ref RecordReader reader)
    {
        var endUser = reader.TextOrNull();
        var count = reader.Number();
        List<string> tags = [];
        for (var i = 0; i < Math.Min(count, MostTags) && !reader.Failed; i++)
        {
            tags.Add(reader.Text());
        }
        return (endUser, tags);
    }
}
