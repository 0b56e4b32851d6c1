using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Gateway.Admin.Transport;

/// <summary>
/// The limits of <c>/api/v1</c> itself: requests per fixed minute, by address or, for who signed in, by user. Zero switches
/// one off. Counted on this node alone: they guard the process, not money.
/// </summary>
internal sealed class HttpLimits : IDisposable
{
    private const int LoginsPerEmail = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<(string Partition, int Limit)> _requests = NewLimiter();
    private readonly PartitionedRateLimiter<(string Partition, int Limit)> _logins = NewLimiter();
    private readonly AdminApiOptions _options;

    public HttpLimits(AdminApiOptions options) => _options = options;

    /// <summary>Counts a request.</summary>
    /// <param name="http">The request, its endpoint found.</param>
    /// <returns>When to come again; null: it may pass.</returns>
    public async ValueTask<TimeSpan?> TakeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<AuthLimited>() is not null)
        {
            return Take(_requests, "auth " + AddressOf(http), _options.AuthRequestsPerMinute);
        }
        var isPublic = endpoint?.Metadata.GetMetadata<IAuthorizeData>() is null;
        if (isPublic && HttpMethods.IsGet(http.Request.Method))
        {
            if (http.Request.Headers.IfNoneMatch.Count > 0)
            {
                http.Features.Set(
                    new DeferredCount(() => Take(_requests, "catalogue " + AddressOf(http), _options.CatalogueRequestsPerMinute))
                );
                return Take(_requests, "revalidation " + AddressOf(http), _options.RevalidationsPerMinute);
            }
            return Take(_requests, "catalogue " + AddressOf(http), _options.CatalogueRequestsPerMinute);
        }
        // The handler keeps its result for the request: authorization does not ask the database again.
        if (
            !isPublic
            && (await http.AuthenticateAsync(AccessTokenHandler.Scheme)).Succeeded
            && http.Features.Get<SignedInCaller>() is { } caller
        )
        {
            return Take(_requests, "user " + caller.UserId, _options.UserRequestsPerMinute);
        }
        return Take(_requests, "anonymous " + AddressOf(http), _options.AnonymousRequestsPerMinute);
    }

    /// <summary>Counts a sign-in with an email, no matter who tries it.</summary>
    public ApiError? TakeLogin(string email, HttpContext http)
    {
        if (_options.AuthRequestsPerMinute == 0 || Take(_logins, email, LoginsPerEmail) is not { } wait)
        {
            return null;
        }
        SetRetryAfter(http, wait);
        return ApiError.TooManyRequests;
    }

    public static void SetRetryAfter(HttpContext http, TimeSpan wait) =>
        http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _requests.Dispose();
        _logins.Dispose();
    }

    private static TimeSpan? Take(PartitionedRateLimiter<(string, int)> limiter, string partition, int limit)
    {
        if (limit == 0)
        {
            return null;
        }
        using var lease = limiter.AttemptAcquire((partition, limit));
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : Window;
    }

    // Idle partitions are evicted by the limiter itself.
    private static PartitionedRateLimiter<(string Partition, int Limit)> NewLimiter() =>
        PartitionedRateLimiter.Create<(string Partition, int Limit), string>(call =>
            RateLimitPartition.GetFixedWindowLimiter(
                call.Partition,
                _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = call.Limit,
                    Window = Window,
                    QueueLimit = 0,
                    AutoReplenishment = true,
                }
            )
        );

    // A whole /64 is one household: with the full address an IPv6 client has as many tries as it likes.
    private static string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is null)
        {
            return "";
        }
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? new IPNetwork(Masked(address), 64).ToString()
            : address.ToString();
    }

    private static IPAddress Masked(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
