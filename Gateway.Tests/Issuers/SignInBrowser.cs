using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Issuers;

/// <summary>A browser that signs in at an issuer step by step, so that a test can do something else between two of them.</summary>
internal sealed class SignInBrowser(HubHost hub) : IDisposable
{
    public const string Base = "/api/v1/auth/oidc/TestId";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = hub.Address,
    };

    /// <summary>The cookies by name, as the gateway set them last.</summary>
    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>The whole headers that set them.</summary>
    public List<string> SetCookies { get; } = [];

    /// <summary>What <c>Accept</c> says.</summary>
    public string Accept { get; set; } = "application/json";

    /// <summary>Asks the gateway; keeps its cookies.</summary>
    public async Task<HttpResponseMessage> GetAsync(string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept", Accept);
        return await SendAsync(request);
    }

    /// <summary>Renews the session, as the console does when it opens.</summary>
    public async Task<HttpResponseMessage> RefreshAsync()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/session/refresh");
        request.Headers.Add("X-Requested-With", "console");
        return await SendAsync(request);
    }

    /// <summary>Goes to the issuer's page; tells where that one sends the browser.</summary>
    public async Task<string> GoToIssuerAsync(string query = "?return_to=/console/keys")
    {
        using var start = await GetAsync($"{Base}/start{query}");
        Assert.Equal(HttpStatusCode.Found, start.StatusCode);
        using var page = await _http.GetAsync(start.Headers.Location);
        Assert.True(page.StatusCode == HttpStatusCode.Found, await page.Content.ReadAsStringAsync());
        return page.Headers.Location!.AbsoluteUri;
    }

    /// <summary>Signs in, and tells where the browser is then.</summary>
    public async Task<string> SignInAsync()
    {
        using var answer = await GetAsync(await GoToIssuerAsync());
        Assert.True(answer.StatusCode == HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.OriginalString;
    }

    /// <summary>The code of the error with which the way back ends.</summary>
    public async Task<(HttpStatusCode Status, string Code)> FailAsync(string address)
    {
        using var answer = await GetAsync(address);
        return (answer.StatusCode, (await answer.JsonAsync()).Text("code"));
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        }
        var answer = await _http.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            SetCookies.Add(cookie);
            var (name, value) = (cookie.Split('=')[0], cookie.Split('=')[1].Split(';')[0]);
            if (value.Length == 0)
            {
                Cookies.Remove(name);
            }
            else
            {
                Cookies[name] = value;
            }
        }
        return answer;
    }
}
