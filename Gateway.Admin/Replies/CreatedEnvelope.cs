using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>The answer 201 whose payload stands in an envelope.</summary>
internal sealed class CreatedEnvelope<T>(string message, T payload) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http) => AnswerWriter.WriteEnvelopeAsync(http, StatusCodes.Status201Created, message, payload);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        AnswerWriter.DescribeEnvelope(builder, StatusCodes.Status201Created, typeof(T));
}
