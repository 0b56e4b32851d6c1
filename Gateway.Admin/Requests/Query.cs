using System.Reflection;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Requests;

/// <summary>The query of a request as its wire record, bound and validated before the handler runs.</summary>
/// <param name="Value">The record.</param>
internal sealed record Query<T>(T Value) : IEndpointParameterMetadataProvider
    where T : class
{
    public static ValueTask<Query<T>> BindAsync(HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query, http.RequestServices.GetRequiredService<AdminApiOptions>().MaxPageSize);
        var value = (T)QueryBinder.Bind(WireType.Of(typeof(T)), reader);
        return reader.Error is null ? ValueTask.FromResult(new Query<T>(value)) : throw new ApiErrorException(reader.Error);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new QueryMetadata(typeof(T)));
}
