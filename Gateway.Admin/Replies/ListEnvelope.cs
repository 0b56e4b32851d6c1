using System.Reflection;
using Gateway.Admin.Conventions;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Replies;

/// <summary>A page of a list in an envelope, with its numbers beside it.</summary>
internal sealed class ListEnvelope<T>(string message, IReadOnlyList<T> rows, PageOfTotal page) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http) => AnswerWriter.WriteEnvelopeAsync(http, StatusCodes.Status200OK, message, rows, page);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        AnswerWriter.DescribeEnvelope(builder, StatusCodes.Status200OK, typeof(IReadOnlyList<T>), isList: true);
}
