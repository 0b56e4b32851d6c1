namespace Gateway.Calls;

/// <summary>Where stages find the call that they work on.</summary>
internal static class CallContext
{
    public static Call GetCall(this HttpContext http) =>
        http.Features.Get<Call>() ?? throw new InvalidOperationException("No call: the stage stands before authentication.");

    public static void SetCall(this HttpContext http, Call call) => http.Features.Set(call);

    /// <summary>The API that the request's path belongs to, known before the call is; null: it is no forwarded one.</summary>
    public static CallApi? FindApi(this HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<CallApi>();

    /// <inheritdoc cref="FindApi"/>
    public static CallApi GetApi(this HttpContext http) =>
        http.FindApi() ?? throw new InvalidOperationException("The endpoint has no API in its metadata.");

    /// <summary>How errors look at the path of the request.</summary>
    public static IErrorForm GetErrorForm(this HttpContext http) =>
        (http.FindApi()?.Errors ?? http.GetEndpoint()?.Metadata.GetMetadata<IErrorForm>() ?? OpenAiErrors.Form).For(http.Request);

    public static string GetRequestId(this HttpContext http) => http.TraceIdentifier;

    public static void SetRequestId(this HttpContext http, string requestId) => http.TraceIdentifier = requestId;
}
