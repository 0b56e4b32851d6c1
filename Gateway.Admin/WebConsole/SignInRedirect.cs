using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Admin.WebConsole;

/// <summary>Sends a browser on, to the issuer's page or back to the console.</summary>
internal sealed class SignInRedirect(string address) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Redirect(address);
        return Task.CompletedTask;
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status302Found, typeof(void)));
}
