using System.Reflection;
using Gateway.Admin.Conventions;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>A successful answer that is its payload.</summary>
internal sealed class Reply<T>(T payload) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http) => Answer.WriteAsync(http, StatusCodes.Status200OK, payload);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        Answer.Describe(builder, StatusCodes.Status200OK, typeof(T));
}

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
