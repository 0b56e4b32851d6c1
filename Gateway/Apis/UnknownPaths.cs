using Gateway.Apis.Messages;
using Gateway.Calls;

namespace Gateway.Apis;

/// <summary>Paths below an API that are none of its own, refused in its form: tools of one provider cannot read another's errors.</summary>
internal static class UnknownPaths
{
    public static void MapUnknownPaths(this IEndpointRouteBuilder routes) =>
        routes
            .Map(
                "/v1/messages/{**path}",
                (HttpContext http) => http.RefuseAsync(Refusals.UnknownUrl(http.Request.Method, http.Request.Path))
            )
            .WithMetadata(AnthropicErrors.Form);
}
