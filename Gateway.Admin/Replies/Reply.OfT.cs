using System.Reflection;
using Gateway.Admin.Conventions;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>A successful answer that is its payload.</summary>
internal sealed class Reply<T>(T payload) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http) => AnswerWriter.WriteAsync(http, StatusCodes.Status200OK, payload);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        AnswerWriter.Describe(builder, StatusCodes.Status200OK, typeof(T));
}
