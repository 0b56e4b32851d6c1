using Gateway.Admin.Conventions;

namespace Gateway.Admin.WebConsole;

/// <summary>
/// The refresh token of a browser's session, in a cookie that no script reads and that no other site can have sent. Requests that use it
/// come from this origin's own scripts: they carry a header that forms and pictures cannot set, and the browser names no other origin.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "hub_session";

    private const string Path = AdminServices.BasePath + "/auth/session";

    private static readonly ApiError CrossSite = new(
        403,
        "cross_site_request",
        "Sessions with a cookie are for pages of this origin: send the header X-Requested-With, and from no other origin"
    );

    /// <summary>Why a request may not use the cookie; null: it may.</summary>
    public static ApiError? Refusal(HttpRequest request)
    {
        if (request.Headers.XRequestedWith.Count == 0)
        {
            return CrossSite;
        }
        // Browsers say it themselves where the page came over TLS or from this machine; a proxy may have changed Host
        if (request.Headers["Sec-Fetch-Site"] is [{ } site])
        {
            return site == "same-origin" ? null : CrossSite;
        }
        if (request.Headers.Origin is [{ } origin])
        {
            return Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsHost(from, request.Host) ? null : CrossSite;
        }
        return null;
    }

    public static string? Read(HttpRequest request) => request.Cookies[Name];

    public static void Set(HttpContext http, string refreshToken, TimeSpan life) =>
        http.Response.Cookies.Append(Name, refreshToken, Options(http, life));

    public static void Delete(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http, null));

    private static bool IsHost(Uri origin, HostString host) =>
        origin.Host.Equals(host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && (host.Port is null ? origin.IsDefaultPort : origin.Port == host.Port);

    private static CookieOptions Options(HttpContext http, TimeSpan? life) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            Path = Path,
            MaxAge = life,
        };
}
