using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>The answer 201 that is its payload.</summary>
internal sealed class CreatedReply<T>(T payload) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http) => AnswerWriter.WriteAsync(http, StatusCodes.Status201Created, payload);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        AnswerWriter.Describe(builder, StatusCodes.Status201Created, typeof(T));
}
