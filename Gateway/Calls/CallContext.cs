namespace Gateway.Calls;

/// <summary>Where stages find the call that they work on.</summary>
internal static class CallContext
{
    public static Call GetCall(this HttpContext http) =>
        http.Features.Get<Call>() ?? throw new InvalidOperationException("No call: the stage stands before authentication.");

    public static void SetCall(this HttpContext http, Call inference) => http.Features.Set(inference);

    public static string GetRequestId(this HttpContext http) => http.TraceIdentifier;

    public static void SetRequestId(this HttpContext http, string requestId) => http.TraceIdentifier = requestId;
}
