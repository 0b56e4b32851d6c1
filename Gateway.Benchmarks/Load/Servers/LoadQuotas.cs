using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Hosting;

namespace Gateway.Benchmarks.Load.Servers;

/// <summary>
/// Puts the load's caller under limits, as an operator does it: rates on key, user, team and tier x model, and a budget on each of them.
/// They are large enough never to refuse; what is measured is that every call is checked against all of them and holds money in four
/// budgets.
/// </summary>
internal static class LoadQuotas
{
    private const long Never = 1_000_000_000_000;

    public static async Task SetAsync(HubProcess hub, IReadOnlyDictionary<string, string> settings)
    {
        using var admin = new HttpClient { BaseAddress = new Uri(hub.Address, "/api/v1/") };
        var login = await SendAsync(
            admin,
            HttpMethod.Post,
            "auth/login",
            new { email = settings["ADMIN_EMAIL"], password = settings["ADMIN_PASSWORD"] }
        );
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", login.GetProperty("token").GetString());
        var user = (await SendAsync(admin, HttpMethod.Get, "admin/users"))[0];
        var (userId, tierId) = (user.GetProperty("id").GetString(), user.GetProperty("tier_id").GetString());
        var keyId = (await SendAsync(admin, HttpMethod.Get, "users/me/api-keys"))[0].GetProperty("id").GetString();
        var modelId = (await SendAsync(admin, HttpMethod.Get, "models"))
            .EnumerateArray()
            .Single(m => m.GetProperty("name").GetString() == UpstreamAnswers.Model)
            .GetProperty("id")
            .GetString();
        await SendAsync(admin, HttpMethod.Post, "admin/teams", new { id = "load", name = "load" });
        await SendAsync(admin, HttpMethod.Put, $"admin/users/{userId}", new { team_id = "load" });
        foreach (
            var scope in new Dictionary<string, string?>[]
            {
                new() { ["api_key_id"] = keyId },
                new() { ["user_id"] = userId },
                new() { ["team_id"] = "load" },
                new() { ["tier_id"] = tierId, ["model_id"] = modelId },
            }
        )
        {
            await SendAsync(
                admin,
                HttpMethod.Post,
                "admin/rate-limits",
                With(
                    scope,
                    ("requests_per_minute", 100_000_000),
                    ("tokens_per_minute", Never),
                    ("requests_per_day", Never),
                    ("max_concurrent", 100_000)
                )
            );
            await SendAsync(
                admin,
                HttpMethod.Post,
                "admin/budgets",
                With(scope, ("max_budget", 1_000_000), ("budget_duration", "monthly"))
            );
        }
    }

    private static Dictionary<string, object?> With(Dictionary<string, string?> scope, params (string Name, object Value)[] members) =>
        scope.Select(s => (s.Key, (object?)s.Value)).Concat(members.Select(m => (m.Name, (object?)m.Value))).ToDictionary();

    private static async Task<JsonElement> SendAsync(HttpClient admin, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await admin.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
        }
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement.Clone();
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) ? data : root;
    }
}
