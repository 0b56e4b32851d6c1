namespace Gateway.Admin.Transport;

/// <summary>What tells browsers to be careful with an answer.</summary>
internal static class BrowserHeaders
{
    public static void AddBrowserHeaders(this HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        if (http.RequestServices.GetRequiredService<IHostEnvironment>().IsProduction())
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
    }
}
