namespace Gateway.Calls;

/// <summary>Where stages find the call that they work on.</summary>
internal static class CallContext
{
    private static readonly object RequestIdKey = new();

    public static Call GetCall(this HttpContext http) =>
        http.Features.Get<Call>() ?? throw new InvalidOperationException("No call: the stage stands before authentication.");

    public static void SetCall(this HttpContext http, Call inference) => http.Features.Set(inference);

    public static string GetRequestId(this HttpContext http) => (string)http.Items[RequestIdKey]!;

    public static void SetRequestId(this HttpContext http, string requestId) => http.Items[RequestIdKey] = requestId;
}
