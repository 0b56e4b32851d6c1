using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>A successful answer whose payload stands in an envelope.</summary>
internal sealed class Envelope<T>(string message, T payload) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http) => AnswerWriter.WriteEnvelopeAsync(http, StatusCodes.Status200OK, message, payload);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        AnswerWriter.DescribeEnvelope(builder, StatusCodes.Status200OK, typeof(T));
}
