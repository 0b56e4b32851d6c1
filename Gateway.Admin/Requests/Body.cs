using System.Reflection;
using Gateway.Admin.Conventions;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.Requests;

/// <summary>
/// The body of a request as its wire record, bound and validated before the handler runs. It is bound after the caller was judged, so that
/// 401 and 403 come before 413, 415 and 400.
/// </summary>
/// <param name="Value">The record; every rule on its members holds.</param>
internal sealed record Body<T>(T Value) : IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<Body<T>> BindAsync(HttpContext http)
    {
        var root = await JsonBody.ReadAsync(http);
        // PUT and PATCH change what is sent: a body that changes nothing is a mistake.
        var isUpdate = HttpMethods.IsPut(http.Request.Method) || HttpMethods.IsPatch(http.Request.Method);
        var (value, error) = WireRecord<T>.Bind(root, http.RequestServices, isUpdate);
        return error is null ? new Body<T>(value) : throw new ApiErrorException(error);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T)));
}
