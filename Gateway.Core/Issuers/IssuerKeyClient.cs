using System.Net;
using System.Text.Json;
using Gateway.Core.Configuration;

namespace Gateway.Core.Issuers;

/// <summary>
/// Asks an issuer for its keys: the discovery document, then the JWKS that it names. Answers are bounded in size and time; redirects are
/// not followed.
/// </summary>
internal sealed class IssuerKeyClient(IssuerOptions options) : IDisposable
{
    private const int LargestAnswer = 512 * 1024;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) }
    )
    {
        Timeout = options.OidcTimeout,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>Fetches the keys.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer does not answer, or not as an issuer does; the message says what is
    /// wrong.</exception>
    public async Task<IssuerKeySet> FetchAsync(IssuerSettings settings, CancellationToken cancellationToken)
    {
        var address = settings.DiscoveryAddress;
        Demand(IsSafe(address), $"{address} is not https; set OIDC_ALLOW_HTTP=true if the network between is your own.");
        Uri? keys;
        try
        {
            using var discovery = JsonDocument.Parse(await GetAsync(address, cancellationToken));
            // A server that answers for one address must not speak for another issuer.
            var issuer = Text(discovery.RootElement, "issuer");
            Demand(
                issuer == settings.Issuer,
                $"{address} names the issuer \"{issuer}\"; expected is \"{settings.Issuer}\", to the letter."
            );
            Demand(Uri.TryCreate(Text(discovery.RootElement, "jwks_uri"), UriKind.Absolute, out keys), $"{address} names no jwks_uri.");
        }
        catch (JsonException)
        {
            throw new IssuerUnavailableException($"{address} is no JSON.");
        }
        Demand(IsSafe(keys!), $"The jwks_uri {keys} is not https.");
        return IssuerKeySet.TryRead(await GetAsync(keys!, cancellationToken))
            ?? throw new IssuerUnavailableException($"{keys} holds no key that signs.");
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<string> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(address, cancellationToken);
            Demand(answer.StatusCode == HttpStatusCode.OK, $"{address} answers {(int)answer.StatusCode}.");
            return await answer.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or InvalidOperationException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new IssuerUnavailableException($"{address} cannot be read: {fault.Message}");
        }
    }

    internal bool IsSafe(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || options.OidcAllowHttp));

    private static string? Text(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object
        && document.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static void Demand(bool holds, string fault)
    {
        if (!holds)
        {
            throw new IssuerUnavailableException(fault);
        }
    }
}
