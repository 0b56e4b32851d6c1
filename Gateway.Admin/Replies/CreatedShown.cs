using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>The answer 201 with what a service elsewhere answered, in the members of a shape.</summary>
internal sealed class CreatedShown<TShape>(JsonObject payload) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http) => AnswerWriter.WriteAsync(http, StatusCodes.Status201Created, payload);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        AnswerWriter.Describe(builder, StatusCodes.Status201Created, typeof(TShape));
}
