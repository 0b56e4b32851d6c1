using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Configuration;

namespace Gateway.Core.Issuers;

/// <summary>
/// Asks an issuer for what it publishes: the discovery document, then the JWKS that it names; and exchanges codes there. Answers are
/// bounded in size and time; redirects are not followed.
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

    /// <summary>Fetches keys and addresses.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer does not answer, or not as an issuer does; the message says what is
    /// wrong.</exception>
    public async Task<IssuerDocument> FetchAsync(IssuerSettings settings, CancellationToken cancellationToken)
    {
        var address = settings.DiscoveryAddress;
        Demand(IsSafe(address), $"{address} is not https; set OIDC_ALLOW_HTTP=true if the network between is your own.");
        Uri? keys;
        IssuerEndpoints? endpoints;
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
            endpoints = EndpointsOf(discovery.RootElement);
        }
        catch (JsonException)
        {
            throw new IssuerUnavailableException($"{address} is no JSON.");
        }
        Demand(IsSafe(keys!), $"The jwks_uri {keys} is not https.");
        var set =
            IssuerKeySet.TryRead(await GetAsync(keys!, cancellationToken))
            ?? throw new IssuerUnavailableException($"{keys} holds no key that signs.");
        return new IssuerDocument(set, endpoints);
    }

    /// <summary>Exchanges a code for an ID token (RFC 6749, with the verifier of RFC 7636).</summary>
    /// <returns>The token, or the issuer's word for why it refuses the code.</returns>
    /// <exception cref="IssuerUnavailableException">The issuer does not answer, or not as an issuer does.</exception>
    public async Task<(string? IdToken, string? Refusal)> ExchangeAsync(
        IssuerEndpoints endpoints,
        IssuerClient client,
        IssuerCode code,
        CancellationToken cancellationToken
    )
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code.Code,
            ["redirect_uri"] = code.RedirectUri,
            ["code_verifier"] = code.Verifier,
        };
        var isBasic = client.Secret.Length > 0 && endpoints.TakesBasic;
        if (!isBasic)
        {
            form["client_id"] = client.Id;
        }
        if (!isBasic && client.Secret.Length > 0)
        {
            form["client_secret"] = client.Secret;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Token) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.ParseAdd("application/json");
        if (isBasic)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", BasicOf(client));
        }
        var (status, text) = await SendAsync(request, cancellationToken);
        var isRefused = status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        Demand(isRefused || status == HttpStatusCode.OK, $"{endpoints.Token} answers {(int)status}.");
        try
        {
            using var answer = JsonDocument.Parse(text);
            if (isRefused)
            {
                return (null, IssuerWord.Of(Text(answer.RootElement, "error")));
            }
            var token = Text(answer.RootElement, "id_token");
            Demand(token is not null, $"{endpoints.Token} answers without id_token.");
            return (token, null);
        }
        catch (JsonException)
        {
            throw new IssuerUnavailableException($"{endpoints.Token} does not answer JSON.");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<string> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var (status, text) = await SendAsync(request, cancellationToken);
        Demand(status == HttpStatusCode.OK, $"{address} answers {(int)status}.");
        return text;
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or InvalidOperationException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new IssuerUnavailableException($"{request.RequestUri} cannot be read: {fault.Message}");
        }
    }

    private IssuerEndpoints? EndpointsOf(JsonElement discovery) =>
        Uri.TryCreate(Text(discovery, "authorization_endpoint"), UriKind.Absolute, out var authorization)
        && Uri.TryCreate(Text(discovery, "token_endpoint"), UriKind.Absolute, out var token)
        && IsSafe(authorization)
        && IsSafe(token)
            ? new IssuerEndpoints(authorization, token, TakesBasic(discovery))
            : null;

    // What a document leaves out is client_secret_basic (OpenID Connect Discovery 1.0, section 3)
    private static bool TakesBasic(JsonElement discovery) =>
        !discovery.TryGetProperty("token_endpoint_auth_methods_supported", out var methods)
        || methods.ValueKind != JsonValueKind.Array
        || methods.EnumerateArray().Any(m => m.ValueKind == JsonValueKind.String && m.ValueEquals("client_secret_basic"));

    // Both are encoded as in a form before they are joined (RFC 6749)
    private static string BasicOf(IssuerClient client) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(client.Id)}:{WebUtility.UrlEncode(client.Secret)}"));

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
