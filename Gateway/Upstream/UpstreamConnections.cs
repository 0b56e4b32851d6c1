using Gateway.Core.Configuration;

namespace Gateway.Upstream;

/// <summary>How connections to the upstream are made and kept.</summary>
internal static class UpstreamConnections
{
    private const int MaxHeaderKilobytes = 512; // an answer is lost above it, and what LiteLLM passes on of providers is its own affair

    public static void Configure(SocketsHttpHandler handler, UpstreamOptions options)
    {
        // Before the upstream drops them: a call on a dying connection is lost
        handler.PooledConnectionIdleTimeout = IdleTimeout(options.UpstreamKeepAlive);
        handler.ConnectTimeout = options.UpstreamConnectTimeout;
        handler.ResponseDrainTimeout = TimeSpan.Zero; // a cancelled stream's connection is closed, so that the upstream sees it
        handler.MaxResponseDrainSize = 0;
        handler.MaxResponseHeadersLength = MaxHeaderKilobytes;
        handler.EnableMultipleHttp2Connections = true;
        handler.AllowAutoRedirect = false; // a redirect would carry the credential elsewhere
        handler.UseCookies = false;
        UpstreamTrust.Configure(handler, options);
    }

    // The handler looks for idle connections only every quarter of this time, and at most once a second: what it calls idle may be that
    // much older.
    private static TimeSpan IdleTimeout(TimeSpan longest)
    {
        var second = TimeSpan.FromSeconds(1);
        var timeout = longest * 0.8 < longest - second ? longest * 0.8 : longest - second;
        return timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero;
    }
}
