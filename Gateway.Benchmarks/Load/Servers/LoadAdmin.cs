using System.Net.Http.Headers;
using System.Text.Json;

namespace Gateway.Benchmarks.Load.Servers;

/// <summary>The admin of a gateway under load, over its management API.</summary>
internal sealed class LoadAdmin : IDisposable
{
    private readonly HttpClient _client;

    private LoadAdmin(HttpClient client) => _client = client;

    /// <summary>Signs in.</summary>
    /// <param name="address">Where the gateway listens.</param>
    /// <param name="settings">Its environment variables, with the first admin's name and password.</param>
    public static async Task<LoadAdmin> SignInAsync(Uri address, IReadOnlyDictionary<string, string> settings)
    {
        var admin = new LoadAdmin(new HttpClient { BaseAddress = new Uri(address, "/api/v1/") });
        var login = await admin.SendAsync(
            HttpMethod.Post,
            "auth/login",
            new { email = settings["ADMIN_EMAIL"], password = settings["ADMIN_PASSWORD"] }
        );
        admin._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", login.GetProperty("token").GetString());
        return admin;
    }

    /// <summary>The calls in the ledger.</summary>
    public async Task<long> CountCallsAsync() =>
        (await SendAsync(HttpMethod.Get, "admin/requests?limit=1")).GetProperty("total_count").GetInt64();

    /// <summary>Sends a request that must go well.</summary>
    /// <returns>The answer's <c>data</c> where it has one, else the answer.</returns>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null)
    {
        var root = await SendWholeAsync(method, path, body);
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) ? data : root;
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonElement> SendWholeAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
        }
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
