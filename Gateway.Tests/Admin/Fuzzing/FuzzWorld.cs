using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Admin.Fuzzing;

/// <summary>
/// A running product with a caller of each role and something of each kind, and the one rule that every answer must keep.
/// </summary>
internal sealed class FuzzWorld : IAsyncDisposable
{
    private const string Base = "/api/v1";

    // What an upstream that is absent or broken, or a key that is not set, is documented to answer.
    private static readonly HashSet<(int, string)> Documented =
    [
        (502, "upstream_error"),
        (503, "litellm_not_configured"),
        (503, "exchange_rate_key_missing"),
        (503, "issuer_unavailable"),
        (504, "upstream_timeout"),
    ];

    private readonly AdminHub _hub;
    private readonly FakeLiteLlm _upstream;
    private readonly LogCapture _logs;
    private readonly HttpClient _client;
    private readonly Dictionary<string, Person> _people = [];
    private readonly Dictionary<string, string> _credentials = [];
    private readonly Dictionary<string, string> _ids = [];

    private FuzzWorld(AdminHub hub, FakeLiteLlm upstream, LogCapture logs)
    {
        (_hub, _upstream, _logs) = (hub, upstream, logs);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        _client = new HttpClient(handler) { BaseAddress = hub.Host.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Everybody who can call.</summary>
    public static IReadOnlyList<string> Callers { get; } =
    ["anonymous", "customer", "support", "admin", "machine-support", "machine-admin"];

    /// <summary>What ids there are of, as they stand in a request: <c>&lt;user&gt;</c>.</summary>
    public IReadOnlyCollection<string> Tokens => _ids.Keys;

    /// <summary>The routes, as the product itself tells them.</summary>
    public required IReadOnlyList<FuzzRoute> Routes { get; init; }

    public static async Task<FuzzWorld> StartAsync(TestDatabase database)
    {
        var upstream = await FakeLiteLlm.StartAsync();
        upstream.Offers(
            FakeLiteLlm.Row("offered", "openai", """{"id":"offered-id","input_cost_per_token":1e-06,"output_cost_per_token":2e-06}""")
        );
        upstream.Manage = (call, _) =>
            call switch
            {
                "GET /budget/list" or "POST /budget/info" => """[{"budget_id":"theirs","max_budget":5.0}]""",
                "POST /budget/new" or "POST /budget/update" => """{"budget_id":"theirs","max_budget":5.0}""",
                "POST /key/generate" => """{"key":"sk-theirs-1234","key_name":"sk-...1234","token":"theirs-token"}""",
                "GET /user/info" =>
                    """{"user_id":null,"user_info":null,"keys":[{"token":"theirs-token","key_alias":"theirs"}],"teams":[]}""",
                "GET /spend/logs" => "[]",
                _ => "{}",
            };
        var logs = new LogCapture();
        var settings = new Dictionary<string, string>
        {
            ["LITELLM_BASE_URL"] = upstream.Address,
            ["LITELLM_API_KEY"] = "sk-upstream",
            ["MODEL_SYNC_SECONDS"] = "0",
            ["GUEST_SESSIONS_ENABLED"] = "true",
            ["LITELLM_TIMEOUT"] = "5s",
            ["MAX_ADMIN_BODY_BYTES"] = "65536",
        };
        var hub = await AdminHub.StartAsync(database, settings, configure: builder => builder.Logging.AddProvider(logs));
        var document = JsonDocument.Parse(await hub.Anonymous.GetStringAsync("/openapi.json")).RootElement;
        var world = new FuzzWorld(hub, upstream, logs) { Routes = FuzzRoute.ReadAll(document) };
        await world.FillAsync();
        return world;
    }

    /// <summary>Sends a request and says what is wrong with the answer; null: nothing.</summary>
    public async Task<string?> TryAsync(FuzzRequest request)
    {
        var before = _logs.Entries.Count;
        using var message = ToMessage(request);
        int status;
        string raw;
        string? type;
        bool closes;
        try
        {
            using var answer = await _client.SendAsync(message);
            (status, raw, type, closes) = (
                (int)answer.StatusCode,
                await answer.Content.ReadAsStringAsync(),
                answer.Content.Headers.ContentType?.MediaType,
                answer.Headers.ConnectionClose == true
            );
        }
        catch (HttpRequestException fault)
        {
            return $"no answer: {fault.Message} {fault.InnerException?.Message}";
        }
        if (status == 401 && _people.ContainsKey(request.Caller))
        {
            await SignInAgainAsync(request.Caller);
        }
        return Judge(request, status, raw, type, closes) is not { } fault2
            ? null
            : $"{fault2}\n{string.Join("\n", _logs.Entries.Skip(before).Where(e => e.Level >= LogLevel.Error).Select(e => Shorten(e.Text, 1_500)))}";
    }

    /// <summary>Whether the product still works for its admin.</summary>
    public async Task AssertAliveAsync()
    {
        var admin = await _hub.SignInAsync(_hub.Host.AdminEmail, _hub.Host.AdminPassword);
        (await admin.Client.ReadAsync("/admin/users?limit=1")).Is(200);
        Assert.Equal(HttpStatusCode.OK, (await _hub.Anonymous.GetAsync("/health/ready")).StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static string? Judge(FuzzRequest request, int status, string raw, string? type, bool closes)
    {
        // The server's own no, before the product
        if (status < 400 || request.Method == "HEAD" || (raw.Length == 0 && closes && status is 400 or 431))
        {
            return null;
        }
        string? code = null;
        try
        {
            using var document = JsonDocument.Parse(raw);
            var body = document.RootElement;
            code = body.GetProperty("code").GetString();
            body.HasExactly("error", "message", "detail", "success", "code", "details", "request_id");
            Assert.False(body.GetProperty("success").GetBoolean());
        }
        catch (Exception fault)
            when (fault is JsonException or KeyNotFoundException or InvalidOperationException or Xunit.Sdk.XunitException)
        {
            return $"{status} is not an error's shape: {Shorten(raw, 300)}";
        }
        return type != "application/json" ? $"{status} has the content type {type}"
            : status >= 500 && !Documented.Contains((status, code!)) ? $"{status} {code}: {Shorten(raw, 300)}"
            : null;
    }

    private HttpRequestMessage ToMessage(FuzzRequest request)
    {
        var path = Base + Expand(request.Path);
        var message = new HttpRequestMessage(
            new HttpMethod(request.Method),
            new Uri(
                _hub.Host.Address.GetLeftPart(UriPartial.Authority) + path,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        );
        if (_credentials.TryGetValue(request.Caller, out var credential))
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        }
        if (request.Bytes is { } body)
        {
            message.Content = new ByteArrayContent(request.Body is { } text ? Encoding.UTF8.GetBytes(Expand(text)) : body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        foreach (var (name, value) in request.Headers)
        {
            if (name.StartsWith("Content-", StringComparison.Ordinal))
            {
                var headers = (message.Content ??= new ByteArrayContent([])).Headers;
                headers.Remove(name);
                headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                message.Headers.Remove(name);
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return message;
    }

    private string Expand(string text) =>
        _ids.Aggregate(text, (expanded, id) => expanded.Replace(id.Key, id.Value, StringComparison.Ordinal));

    private async Task SignInAgainAsync(string caller)
    {
        try
        {
            _people[caller] = await _hub.SignInAsync(
                _people[caller].Email,
                caller == "admin" ? _hub.Host.AdminPassword : Person.DefaultPassword
            );
            _credentials[caller] = _people[caller].AccessToken;
        }
        catch (Xunit.Sdk.XunitException)
        {
            // The fuzzer took the account away; it goes on as somebody with a dead token.
        }
    }

    private async Task FillAsync()
    {
        var admin = _hub.Admin.Client;
        _people["admin"] = await _hub.SignInAsync(_hub.Host.AdminEmail, _hub.Host.AdminPassword);
        _people["customer"] = await _hub.NewPersonAsync();
        _people["support"] = await _hub.NewPersonAsync(Roles.Support);
        foreach (var (name, person) in _people)
        {
            _credentials[name] = person.AccessToken;
        }
        foreach (var role in new[] { "support", "admin" })
        {
            _credentials[$"machine-{role}"] = (await admin.SendAsync("POST", "/admin/access-tokens", new { name = role, role })).Body.Text(
                "data.token"
            );
        }
        var victim = await _hub.NewPersonAsync();
        _ids["<user>"] = victim.Id;
        _ids["<key>"] = (await victim.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("id");
        _ids["<own-key>"] = (await _people["customer"].Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("id");
        _ids["<token>"] = (await admin.SendAsync("POST", "/admin/access-tokens", new { name = "t", role = "support" })).Body.Text(
            "data.id"
        );
        _ids["<team>"] = (await admin.SendAsync("POST", "/admin/teams", new { name = "Team" })).Body.Text("data.id");
        _ids["<tier>"] = (await admin.SendAsync("POST", "/admin/tiers", new { name = "Fuzzed", price = 5 })).Body.Text("data.id");
        _ids["<company>"] = (await admin.SendAsync("POST", "/admin/companies", new { name = "Company" })).Body.Text("data.id");
        _ids["<model>"] = (
            await admin.SendAsync("POST", "/admin/models", new { company_id = _ids["<company>"], name = "model" })
        ).Body.Text("data.id");
        _ids["<config>"] = (await admin.ReadAsync($"/admin/model-configs?model_id={_ids["<model>"]}")).Body.Text("data.0.id");
        _ids["<limit>"] = (
            await admin.SendAsync("POST", "/admin/rate-limits", new { user_id = victim.Id, requests_per_minute = 5 })
        ).Body.Text("data.id");
        _ids["<budget>"] = (await admin.SendAsync("POST", "/admin/budgets", new { user_id = victim.Id, max_budget = 5 })).Body.Text(
            "data.id"
        );
        _ids["<transaction>"] = (
            await admin.SendAsync("POST", $"/admin/users/{victim.Id}/transactions", new { type = "deposit", amount = 5 })
        ).Body.Text("data.id");
    }

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length] + "...";
}
