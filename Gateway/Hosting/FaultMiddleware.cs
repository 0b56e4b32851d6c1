using Gateway.Calls;

namespace Gateway.Hosting;

/// <summary>
/// A fault that nothing else caught: logged with the request's id, answered without a word of its inside. And a connection that is kept by
/// its client is given up in order before the process stops: a request that meets its end would be lost.
/// </summary>
internal sealed partial class FaultMiddleware(RequestDelegate next, HubReadiness readiness, ILogger<FaultMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (readiness.IsStopping && http.Request.Protocol == HttpProtocol.Http11)
        {
            http.Response.Headers.Connection = "close";
        }
        try
        {
            await next(http);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody to answer, nothing wrong.
        }
        catch (BadHttpRequestException fault)
        {
            await http.RefuseAsync(new Refusal(fault.StatusCode, "invalid_request_error", "bad_request", "The request could not be read."));
        }
        catch (Exception fault)
        {
            Log.Failed(logger, http.GetRequestId(), fault);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }
            RequestIdMiddleware.WriteHeaders(http);
            await http.RefuseAsync(Refusals.Internal);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed inside the gateway.")]
        public static partial void Failed(ILogger logger, string requestId, Exception fault);
    }
}
