using System.Text.RegularExpressions;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.Transport;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Conventions;

/// <summary>
/// What holds for every answer under <c>/api/v1</c>: a request id, no caching, 204 to any OPTIONS, and the error body for whatever was
/// thrown, without its internals.
/// </summary>
internal sealed partial class ConventionsMiddleware(
    RequestDelegate next,
    DatabaseWatch watch,
    ServerOptions server,
    DatabaseOptions options,
    ILogger<ConventionsMiddleware> logger
)
{
    private const string MessageUrls = AdminServices.BasePath + "/stream/chat";

    public async Task InvokeAsync(HttpContext http)
    {
        var given = http.Request.Headers["X-Request-Id"].ToString();
        http.TraceIdentifier = RequestId().IsMatch(given) ? given : Guid.CreateVersion7().ToString();
        http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        http.Response.Headers.CacheControl = "no-store";
        http.AddBrowserHeaders();
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        if (!await watch.AnswersAsync())
        {
            await ApiError.DatabaseUnavailable.ExecuteAsync(http); // known to be away: nobody has to find out by waiting
            return;
        }
        DatabasePatience.Set(options.AdminDatabaseWait);
        if (IsUrlTooLong(http.Request))
        {
            await ApiError.UrlTooLong(server.MaxUrlBytes).ExecuteAsync(http);
            return;
        }
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // nobody reads it but the access log
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            await ErrorOf(fault, http.TraceIdentifier).ExecuteAsync(http);
        }
    }

    // One client sends its messages in the URL; the server's own limit holds for them.
    private bool IsUrlTooLong(HttpRequest request) =>
        (request.Path.Value?.Length ?? 0) + (request.QueryString.Value?.Length ?? 0) > server.MaxUrlBytes
        && !request.Path.StartsWithSegments(MessageUrls);

    private ApiError ErrorOf(Exception fault, string requestId)
    {
        switch (fault)
        {
            case ApiErrorException refused:
                return refused.Error;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return ApiError.PayloadTooLarge;
            case BadHttpRequestException:
                return ApiError.InvalidJson;
            case UnreadableTextException:
                return ApiError.Upstream;
            case DbUpdateConcurrencyException:
                return ApiError.Conflict("Somebody else changed or deleted this at the same moment");
            case var _ when DatabaseFaults.IsAway(fault):
                Log.DatabaseAway(logger, requestId, fault.GetBaseException().Message);
                return ApiError.DatabaseUnavailable;
            default:
                Log.Failed(logger, requestId, fault);
                return ApiError.Internal;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex RequestId();

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Request {RequestId} of the management API is answered with 503, because the database is away: {Reason}"
        )]
        public static partial void DatabaseAway(ILogger logger, string requestId, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} of the management API failed.")]
        public static partial void Failed(ILogger logger, string requestId, Exception fault);
    }
}
