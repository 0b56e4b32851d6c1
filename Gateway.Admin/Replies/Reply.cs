using Gateway.Admin.Conventions;

namespace Gateway.Admin.Replies;

/// <summary>Makes answers.</summary>
internal static class Reply
{
    public static Reply<T> Ok<T>(T payload) => new(payload);

    public static CreatedReply<T> Created<T>(T payload) => new(payload);

    public static Envelope<T> Enveloped<T>(string message, T payload) => new(message, payload);

    public static CreatedEnvelope<T> EnvelopedCreated<T>(string message, T payload) => new(message, payload);

    public static ListEnvelope<T> List<T>(string message, IReadOnlyList<T> rows, long totalCount, PageRequest page) =>
        new(message, rows, page.Of(totalCount, rows.Count));
}
