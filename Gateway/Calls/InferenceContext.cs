namespace Gateway.Calls;

/// <summary>Where stages find the call that they work on.</summary>
internal static class InferenceContext
{
    private static readonly object RequestIdKey = new();

    public static InferenceRequest GetInference(this HttpContext http) =>
        http.Features.Get<InferenceRequest>() ?? throw new InvalidOperationException("No inference request: the stage stands before authentication.");

    public static void SetInference(this HttpContext http, InferenceRequest inference) => http.Features.Set(inference);

    public static string GetRequestId(this HttpContext http) => (string)http.Items[RequestIdKey]!;

    public static void SetRequestId(this HttpContext http, string requestId) => http.Items[RequestIdKey] = requestId;
}
