using Gateway.Core.Storage.Providers;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Answers a request again whose transaction the database ended in favour of another one. It is for routes that change rows and nothing
/// else, or what may as well be done twice.
/// </summary>
internal sealed class DeadlockRetry : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        HttpMethods.IsGet(context.HttpContext.Request.Method)
            ? next(context)
            : Deadlocks.RunAsync(
                () => next(context),
                () => !context.HttpContext.Response.HasStarted && !IsUpload(context.HttpContext.Request)
            );

    // The bytes of a form were read as they came, and cannot be read twice.
    private static bool IsUpload(HttpRequest request) => request.HasFormContentType;
}
