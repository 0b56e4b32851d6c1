using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>What a service elsewhere answered, in the members of a shape.</summary>
internal sealed class Shown<TShape>(JsonObject payload) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http) => AnswerWriter.WriteAsync(http, StatusCodes.Status200OK, payload);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        AnswerWriter.Describe(builder, StatusCodes.Status200OK, typeof(TShape));
}
