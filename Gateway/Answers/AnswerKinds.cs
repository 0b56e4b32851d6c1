using System.Text;

namespace Gateway.Answers;

/// <summary>
/// Tells what an answer is by its first bytes before its label: upstreams send JSON and events as plain text, without a type, or under each
/// other's. What clients get carries the right label.
/// </summary>
internal static class AnswerKinds
{
    public const string JsonType = "application/json";
    public const string EventsType = "text/event-stream";

    // How the first line of an event stream can begin; a colon is a comment.
    private static readonly byte[][] Fields = [.. new[] { ":", "data", "event", "id", "retry" }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The media type of a Content-Type header in lower case, also of one with broken parameters; empty without one.</summary>
    public static string MediaTypeOf(HttpResponseMessage upstream) =>
        upstream.Content.Headers.NonValidated.TryGetValues("content-type", out var values)
            ? values.ToString().Split(';')[0].Trim().ToLowerInvariant()
            : "";

    /// <summary>The label for the client: the upstream's with its parameters where it is right and written as SDKs compare it.</summary>
    public static string Label(string? stated, string mediaType) =>
        stated is not null && AnswerHeaders.IsSendable(stated) && stated.Split(';')[0].Trim() == mediaType ? stated : mediaType;

    /// <summary>Whether the first bytes leave the kind open: nothing but white space so far.</summary>
    public static bool IsOpen(ReadOnlySpan<byte> start) => Begin(start).IsEmpty;

    /// <summary>
    /// The kind of an answer with this media type that begins with these bytes. Events count only where a stream was asked for, or is
    /// announced.
    /// </summary>
    public static AnswerKind Of(string mediaType, bool asksForStream, ReadOnlySpan<byte> start)
    {
        var begin = Begin(start);
        var isEvents = mediaType == EventsType;
        if (!begin.IsEmpty && begin[0] is (byte)'{' or (byte)'[')
        {
            return AnswerKind.Json;
        }
        if (isEvents || (asksForStream && IsEventLine(begin)))
        {
            return AnswerKind.Events;
        }
        return IsJson(mediaType) ? AnswerKind.Json : AnswerKind.None;
    }

    /// <summary>Whether the label names sound, or a text of any form but JSON and events.</summary>
    public static bool IsMedia(string mediaType) =>
        mediaType.StartsWith("audio/", StringComparison.Ordinal)
        || mediaType is "application/octet-stream" or "application/x-subrip" or "video/mp4" or "application/ogg"
        || (mediaType.StartsWith("text/", StringComparison.Ordinal) && mediaType is not (EventsType or "text/json" or "text/html"));

    private static bool IsJson(string mediaType) =>
        mediaType is JsonType or "text/json" || mediaType.EndsWith("+json", StringComparison.Ordinal);

    // The first read may end within the name.
    private static bool IsEventLine(ReadOnlySpan<byte> begin)
    {
        foreach (var field in Fields)
        {
            if (!begin.IsEmpty && (begin.StartsWith(field) || field.AsSpan().StartsWith(begin)))
            {
                return true;
            }
        }
        return false;
    }

    private static ReadOnlySpan<byte> Begin(ReadOnlySpan<byte> start) =>
        (start.StartsWith(Encoding.UTF8.Preamble) ? start[3..] : start).TrimStart(" \t\r\n"u8);
}
