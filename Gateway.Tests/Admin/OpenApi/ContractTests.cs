using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.OpenApi;

/// <summary>
/// The document and the product say the same. Each route is called with success and with every error that can be provoked without
/// one's own; the answers are held against the document by <see cref="ApiContract"/>, as those of all other tests are.
/// </summary>
public sealed class ContractTests : IAsyncLifetime
{
    private const string Nothing = "00000000-0000-0000-0000-000000000000";

    private static readonly string[] WithoutErrorsOfTheirOwn =
    [
        "/",
        "/metrics",
        "/health",
        "/health/live",
        "/health/ready",
        "/uploads/logos/{file}",
    ];

    private FakeLiteLlm _upstream = null!;
    private AdminHub _hub = null!;
    private ApiContract _contract = null!;

    public async Task InitializeAsync()
    {
        (_upstream, _hub) = await DescribedHub.StartAsync();
        _contract = (await ApiContract.OfAsync(_hub.Anonymous))!;
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Every_route_answers_as_described_when_all_is_well()
    {
        await CallEverythingAsync();
        var silent = Routes()
            .Where(o => !_contract.Seen.ContainsKey($"{o} 200") && !_contract.Seen.ContainsKey($"{o} 201"))
            .Select(o => o.ToString())
            .Where(o => o is not ("GET /api/v1/admin/ledger/export" or "GET /api/v1/files/{id}") && !o.Contains("/stream"))
            .Where(o => !o.Contains("/auth/oidc/{issuer}/")); // these send browsers on: IssuerSignInTests
        Assert.Empty(silent);
    }

    [Fact]
    public async Task Every_route_that_needs_a_caller_answers_401_without_one_and_403_to_the_wrong_one()
    {
        var customer = await _hub.NewPersonAsync();
        foreach (var operation in Routes().Where(o => o.Json.TryGetProperty("security", out _)))
        {
            (await _hub.Anonymous.SendAsync(operation.Method, operation.With(Nothing))).IsError(401, "authorization_required");
            if (operation.Json.Text("x-access") is not "signed-in")
            {
                (
                    await customer.Client.SendAsync(
                        operation.Method,
                        operation.With(Nothing),
                        operation.Json.TryGetProperty("requestBody", out _) ? "{}" : null
                    )
                ).IsError(403, "forbidden");
            }
        }
    }

    [Fact]
    public async Task Every_route_with_a_body_refuses_broken_empty_and_foreign_ones_as_described()
    {
        foreach (
            var operation in Routes()
                .Where(o =>
                    o.Json.TryGetProperty("requestBody", out var body) && body.At("content").TryGetProperty("application/json", out _)
                )
        )
        {
            var path = operation.With(Nothing);
            if (operation.Path == "/api/v1/auth/session")
            {
                _hub.Admin.Client.DefaultRequestHeaders.Add("X-Requested-With", "console"); // who may call is decided before the body
            }
            (await _hub.Admin.Client.SendAsync(operation.Method, path, "{")).IsError(400, "invalid_json");
            (
                await _hub.Admin.Client.SendAsync(
                    operation.Method,
                    path,
                    new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded")
                )
            ).IsError(415, "unsupported_media_type");
            if (
                _contract
                    .Resolve(operation.Json.At("requestBody.content").GetProperty("application/json").GetProperty("schema"))
                    .TryGetProperty("required", out _)
            )
            {
                var answer = await _hub.Admin.Client.SendAsync(operation.Method, path, "{}");
                Assert.True((int)answer.Status is 400 or 404, $"{operation} takes a body without its required members: {answer.Raw}");
            }
        }
    }

    [Fact]
    public async Task Every_route_with_an_id_answers_404_when_there_is_none()
    {
        string[] others =
        [
            "/rate-limits/model/{model_id}",
            "/rate-limits/tier/{tier_id}",
            "/budgets/user/{user_id}",
            "/requests/user/{user_id}",
            "/requests/model/{model_id}",
            "/users/{user_id}/requests",
            "/settings/category/{category}",
        ];
        foreach (var operation in Routes().Where(o => o.Parameters > 0 && !others.Any(e => o.Path.EndsWith(e, StringComparison.Ordinal))))
        {
            var body = operation.Json.TryGetProperty("requestBody", out var described)
                ? described.At("content").GetProperty("application/json").GetProperty("example").GetRawText()
                : null;
            var answer = await _hub.Admin.Client.SendAsync(
                operation.Method,
                operation.With(operation.Path.Contains("litellm") ? "none" : Nothing),
                body
            );
            // What is asked of LiteLLM itself it knows in this test; a body may be wrong before anything is looked for.
            Assert.True(
                (int)answer.Status is 404 || (int)answer.Status is 400 || operation.Path.Contains("/budgets/litellm"),
                $"{operation}: {answer.Status} {answer.Raw}"
            );
        }
    }

    [Fact]
    public void Every_example_is_of_its_schema_and_every_body_and_answer_has_one()
    {
        foreach (var operation in _contract.Operations)
        {
            var contents = operation
                .Json.GetProperty("responses")
                .EnumerateObject()
                .Select(r => (r.Name, Value: _contract.Resolve(r.Value)))
                .Where(r => r.Value.TryGetProperty("content", out _))
                .Select(r => (r.Name, r.Value.GetProperty("content")))
                .Concat(operation.Json.TryGetProperty("requestBody", out var body) ? [("body", body.GetProperty("content"))] : []);
            foreach (var (place, content) in contents)
            {
                foreach (var media in content.EnumerateObject().Where(m => m.Name != "multipart/form-data"))
                {
                    var example = media.Value.GetProperty("example");
                    Assert.True(
                        _contract.Faults(media.Value.GetProperty("schema"), example) is [],
                        $"{operation} {place}: {string.Join("; ", _contract.Faults(media.Value.GetProperty("schema"), example))}"
                    );
                }
            }
        }
    }

    [Fact]
    public void Every_route_describes_its_errors_and_no_operation_is_named_twice()
    {
        foreach (var operation in _contract.Operations.Where(o => !WithoutErrorsOfTheirOwn.Contains(o.Path)))
        {
            var responses = operation.Json.GetProperty("responses");
            Assert.All(
                operation.Path.StartsWith("/v1", StringComparison.Ordinal) ? ["401", "403"] : new[] { "400", "429", "500" },
                status => Assert.True(responses.TryGetProperty(status, out _), $"{operation} {status}")
            );
            Assert.Equal(
                operation.Json.TryGetProperty("security", out _),
                responses.TryGetProperty("401", out _)
                    && !operation.Path.Contains("/auth/l")
                    && !operation.Path.Contains("/auth/refresh")
                    && !operation.Path.Contains("/auth/session")
                    && !operation.Path.Contains("/auth/oidc")
            );
        }
        var ids = _contract.Operations.Select(o => o.Json.Text("operationId")).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Money_is_a_number_and_lists_of_answers_are_never_null()
    {
        var sent = _contract
            .Operations.Where(o => o.Json.TryGetProperty("requestBody", out _))
            .Select(o => o.Json.At("requestBody.content").GetRawText())
            .ToList();
        foreach (
            var schema in _contract
                .Document.At("components.schemas")
                .EnumerateObject()
                .Where(s => s.Value.TryGetProperty("properties", out _))
        )
        {
            foreach (var member in schema.Value.GetProperty("properties").EnumerateObject())
            {
                var text = member.Value.GetRawText();
                Assert.False(
                    text.Contains("\"array\"", StringComparison.Ordinal)
                        && text.Contains("\"null\"", StringComparison.Ordinal)
                        && !text.Contains("items", StringComparison.Ordinal),
                    $"{schema.Name}.{member.Name}"
                );
                Assert.False(
                    !sent.Exists(body => body.Contains($"/{schema.Name}\"", StringComparison.Ordinal))
                        && member.Value.TryGetProperty("type", out var type)
                        && type.GetRawText().Contains("array")
                        && type.GetRawText().Contains("null"),
                    $"{schema.Name}.{member.Name} may be a null list"
                );
                if (
                    member.Name.EndsWith("_cost", StringComparison.Ordinal)
                    || member.Name is "balance" or "amount" or "price" or "spend" or "max_budget"
                )
                {
                    Assert.Contains("\"number\"", text);
                }
            }
        }
    }

    private IEnumerable<ApiContract.Operation> Routes() =>
        _contract.Operations.Where(o => o.Path.StartsWith("/api/v1", StringComparison.Ordinal));

    private async Task CallEverythingAsync()
    {
        var admin = _hub.Admin.Client;
        await SessionsAsync();
        foreach (
            var path in new[]
            {
                "/companies",
                "/models",
                "/tiers",
                "/rate-limits",
                "/currencies",
                "/llm/models",
                "/me",
                "/auth/me",
                "/users/me",
                "/balance",
                "/transactions",
                "/admin/audit-logs",
                "/admin/events",
                "/admin/users",
                "/admin/settings",
                "/admin/settings/category/chat",
                "/admin/settings/signup_credit",
                "/admin/models",
                "/admin/companies",
                "/admin/requests",
                "/requests",
                "/admin/transactions",
                "/admin/model-configs",
                "/admin/ledger/check",
                "/admin/usage",
                "/admin/node",
                "/admin/requests/in-flight",
                "/users/me/bill",
                "/admin/models/litellm",
                "/admin/models/litellm/model-group",
                "/admin/models/litellm/m",
                "/admin/litellm/models/group-info",
                "/admin/litellm/models/info",
                "/admin/litellm/users/info",
                "/admin/litellm/admin/stats",
                "/admin/litellm/global/spend",
                "/admin/litellm/global/spend/logs",
                "/admin/litellm/global/activity?start_date=2026-01-01&end_date=2026-01-05",
                "/admin/budgets/litellm",
                "/admin/budgets/litellm/b",
                "/admin/budgets/litellm/settings?budget_id=b",
            }
        )
        {
            (await admin.ReadAsync(path)).Is(200);
        }
        foreach (
            var path in new[]
            {
                "/admin/models/sync",
                "/admin/models/sync-model-group",
                "/admin/companies/sync",
                "/admin/budgets/sync",
                "/admin/requests/sync",
                "/currencies/update-rates",
                "/admin/currencies/update-rates",
                "/admin/litellm/test-connection",
            }
        )
        {
            (await admin.SendAsync("POST", path)).Is(200);
        }
        (await admin.ReadAsync("/currencies/exchange-rates")).Is(200);
        (await admin.ReadAsync("/currencies/exchange-rates?from=USD&to=RUB")).Is(200);
        (
            await admin.SendAsync(
                "POST",
                "/currencies/convert",
                new
                {
                    amount = 1,
                    from_currency = "USD",
                    to_currency = "RUB",
                }
            )
        ).Is(200);
        await PeopleAsync();
        await ChatsAsync();
        await CatalogueAsync();
        await LiteLlmAsync();
        await LogosAsync();
        (await admin.SendAsync("PUT", "/admin/settings", new { chat_temperature = 0.5 })).Is(200);
        (await ChangeAsync("/admin/settings/chat_temperature", new { value = 0.7 })).Is(200);
        var token = await admin.SendAsync("POST", "/admin/access-tokens", new { name = "ci", role = "support" });
        token.Is(201);
        (await admin.ReadAsync("/admin/access-tokens")).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/access-tokens/{token.Body.Text("data.id")}")).Is(200);
        await UpstreamsAsync();
    }

    private async Task UpstreamsAsync()
    {
        var admin = _hub.Admin.Client;
        var made = await admin.SendAsync(
            "POST",
            "/admin/upstreams",
            new
            {
                name = "vllm",
                kind = "openai_compatible",
                base_url = "http://127.0.0.1:1",
                is_enabled = false,
            }
        );
        made.Is(201);
        var path = $"/admin/upstreams/{made.Body.Text("data.id")}";
        var all = (await admin.ReadAsync("/admin/upstreams")).Body.At("data").EnumerateArray();
        var litellm = all.Single(u => u.Text("name") == "litellm").Text("id");
        (await admin.SendAsync("POST", $"/admin/upstreams/{litellm}/sync")).Is(200);
        (await admin.ReadAsync(path)).Is(200);
        (await ChangeAsync(path, new { weight = 2 })).Is(200);
        (await admin.SendAsync("POST", path + "/test")).Is(200);
        (await admin.SendAsync("POST", path + "/sync")).IsError(409, "conflict");
        (await admin.SendAsync("DELETE", path)).Is(200);
    }

    private async Task SessionsAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        (await _hub.Anonymous.SendAsync("POST", "/auth/register", new { email, password = "password123" })).Is(201);
        var login = await _hub.Anonymous.SendAsync("POST", "/auth/login", new { email, password = "password123" });
        login.Is(200);
        var client = _hub.Host.NewClient(login.Body.Text("token"));
        (await client.SendAsync("POST", "/users/me/password", new { old_password = "password123", new_password = "password124" })).Is(200);
        (await client.SendAsync("PUT", "/users/me", new { name = "Ann" })).Is(200);
        (await client.SendAsync("PATCH", "/users/me", new { name = "Ann B" })).Is(200);
        var again = await _hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = login.Body.Text("refresh_token") });
        again.Is(200);
        (await _hub.Anonymous.SendAsync("POST", "/auth/logout", new { refresh_token = again.Body.Text("refresh_token") })).Is(200);
        (await _hub.Anonymous.ReadAsync("/auth/oidc")).Is(200);
        using var browser = _hub.Host.NewClient(null); // keeps its cookie
        browser.DefaultRequestHeaders.Add("X-Requested-With", "console");
        (await browser.SendAsync("POST", "/auth/session", new { email, password = "password124" })).Is(200);
        (await browser.SendAsync("POST", "/auth/session/refresh")).Is(200);
        (await browser.SendAsync("DELETE", "/auth/session")).Is(200);
    }

    private async Task PeopleAsync()
    {
        var admin = _hub.Admin.Client;
        var person = await _hub.NewPersonAsync();
        await CallUpstreamAsync(person);
        foreach (var path in new[] { "tier", "spending", "budget", "usage", "usage-stats", "requests", "api-keys" })
        {
            (await person.Client.ReadAsync($"/users/me/{path}")).Is(200);
        }
        (await person.Client.SendAsync("POST", "/users/me/tier/check")).Is(200);
        (await ChangeAsync("/users/me/budget", new { monthly_limit = 50 }, person.Client)).Is(200);
        var key = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci", max_budget = 5 })).Body.Text("id");
        (await ChangeAsync($"/api-keys/{key}", new { name = "cd" }, person.Client)).Is(200);
        (await person.Client.SendAsync("POST", $"/api-keys/{key}/rotate")).Is(200);
        (await person.Client.SendAsync("DELETE", $"/api-keys/{key}")).Is(200);
        var request = (await person.Client.ReadAsync("/requests")).Body.Text("data.data.0.id");
        (await person.Client.ReadAsync($"/requests/{request}")).Is(200);
        (await person.Client.ReadAsync($"/requests/{request}/cost")).Is(200);
        (await admin.ReadAsync($"/admin/requests/user/{person.Id}")).Is(200);
        (await admin.ReadAsync("/admin/requests/model/x")).Is(200);
        (await admin.SendAsync("POST", $"/admin/requests/sync/{person.Id}")).Is(200);
        var pending = (await person.Client.SendAsync("POST", "/transactions/deposit", new { amount = 5 })).Body.Text("id");
        (await person.Client.ReadAsync($"/transactions/{pending}")).Is(200);
        (await admin.SendAsync("PUT", $"/admin/transactions/{pending}", new { status = "completed" })).Is(200);
        var second = (await person.Client.SendAsync("POST", "/transactions/deposit", new { amount = 5 })).Body.Text("id");
        (await admin.SendAsync("PATCH", $"/admin/transactions/{second}", new { status = "cancelled" })).Is(200);
        (await admin.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "deposit", amount = 1 })).Is(201);
        (await admin.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "usage", amount = 1000 })).IsError(
            402,
            "insufficient_balance"
        );
        (await admin.ReadAsync($"/admin/users/{person.Id}")).Is(200);
        (await admin.ReadAsync($"/admin/users/{person.Id}/api-keys")).Is(200);
        (await ChangeAsync($"/admin/users/{person.Id}", new { name = "Bob" })).Is(200);
        (await admin.SendAsync("POST", $"/admin/users/{person.Id}/approve")).Is(200);
        (await admin.SendAsync("POST", $"/admin/approve/{person.Id}")).Is(200);
        var team = (await admin.SendAsync("POST", "/admin/teams", new { name = "Research" })).Body.Text("data.id");
        (await admin.ReadAsync("/admin/teams")).Is(200);
        (await admin.ReadAsync($"/admin/teams/{team}")).Is(200);
        (await ChangeAsync($"/admin/teams/{team}", new { name = "Search" })).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/teams/{team}")).Is(200);
        var budget = (await admin.SendAsync("POST", "/admin/budgets", new { max_budget = 5, user_id = person.Id })).Body.Text("data.id");
        (await admin.ReadAsync("/admin/budgets")).Is(200);
        (await admin.ReadAsync($"/admin/budgets/{budget}")).Is(200);
        (await admin.ReadAsync($"/admin/budgets/user/{person.Id}")).Is(200);
        (await ChangeAsync($"/admin/budgets/{budget}", new { max_budget = 6 })).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/budgets/{budget}")).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/users/{person.Id}")).Is(200);
    }

    private async Task CatalogueAsync()
    {
        var admin = _hub.Admin.Client;
        var company = (await admin.SendAsync("POST", "/admin/companies", new { name = "C" })).Body.Text("data.id");
        (await ChangeAsync($"/admin/companies/{company}", new { description = "d" })).Is(200);
        var model = (
            await admin.SendAsync(
                "POST",
                "/admin/models",
                new
                {
                    company_id = company,
                    name = "own",
                    model_config = new { input_token_cost = 0.000001 },
                }
            )
        ).Body.Text("data.id");
        (await ChangeAsync($"/admin/models/{model}", new { description = "d" })).Is(200);
        foreach (
            var path in new[]
            {
                $"/companies/{company}",
                $"/companies/{company}/models",
                $"/models/{model}",
                $"/admin/companies/{company}",
                $"/admin/models/{model}",
            }
        )
        {
            (await admin.ReadAsync(path)).Is(200);
        }
        var config = (await admin.ReadAsync($"/admin/model-configs?model_id={model}")).Body.Text("data.0.id");
        (await admin.ReadAsync($"/admin/model-configs/{config}")).Is(200);
        (await ChangeAsync($"/admin/model-configs/{config}", new { is_free = true })).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/model-configs/{config}")).Is(200);
        (await admin.SendAsync("POST", "/admin/model-configs", new { model_id = model, is_free = true })).Is(201);
        var tier = (await admin.SendAsync("POST", "/admin/tiers", new { name = "Gold", price = 5 })).Body.Text("data.id");
        (await admin.ReadAsync("/admin/tiers")).Is(200);
        (await admin.ReadAsync($"/admin/tiers/{tier}")).Is(200);
        (await ChangeAsync($"/admin/tiers/{tier}", new { price = 6 })).Is(200);
        var limit = (
            await admin.SendAsync(
                "POST",
                "/admin/rate-limits",
                new
                {
                    model_id = model,
                    tier_id = tier,
                    requests_per_minute = 5,
                }
            )
        ).Body.Text("data.id");
        foreach (
            var path in new[]
            {
                "/admin/rate-limits",
                $"/admin/rate-limits/{limit}",
                $"/admin/rate-limits/model/{model}",
                $"/admin/rate-limits/tier/{tier}",
                "/rate-limits",
            }
        )
        {
            (await admin.ReadAsync(path)).Is(200);
        }
        (await ChangeAsync($"/admin/rate-limits/{limit}", new { requests_per_minute = 6 })).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/rate-limits/{limit}")).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/companies/{company}")).IsError(409, "company_has_models");
        (await admin.SendAsync("DELETE", $"/admin/models/{model}")).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/tiers/{tier}")).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/companies/{company}")).Is(200);
    }

    private async Task LiteLlmAsync()
    {
        var admin = _hub.Admin.Client;
        object made = new { model_name = "n", litellm_params = new { model = "openai/n" } };
        (await admin.SendAsync("POST", "/admin/models/litellm", made)).Is(201);
        (await admin.SendAsync("POST", "/admin/litellm/models", made)).Is(201);
        (await admin.SendAsync("PUT", "/admin/models/litellm", new { model_id = "m", litellm_params = new { rpm = 5 } })).Is(200);
        (await admin.SendAsync("PUT", "/admin/litellm/models", new { model_id = "m", description = "d" })).Is(200);
        (await admin.SendAsync("DELETE", "/admin/models/litellm/m")).Is(200);
        (await admin.SendAsync("DELETE", "/admin/litellm/models/m")).Is(200);
        var deleted = (await admin.ReadAsync("/admin/deleted?type=model")).Body.Text("data.0.id");
        (await admin.SendAsync("POST", $"/admin/deleted/model/{deleted}/restore")).Is(200);
        (await admin.SendAsync("POST", "/admin/budgets/litellm", new { max_budget = 5 })).Is(201);
        (await admin.SendAsync("PUT", "/admin/budgets/litellm", new { id = "b", max_budget = 5 })).Is(200);
        (await admin.SendAsync("DELETE", "/admin/budgets/litellm/b")).Is(200);
        (await admin.SendAsync("POST", "/admin/litellm/users/keys", new { key_alias = "ci" })).Is(201);
        (await admin.SendAsync("PUT", "/admin/litellm/users/keys/t", new { max_budget = 5 })).Is(200);
        (await admin.SendAsync("DELETE", "/admin/litellm/users/keys/t")).Is(200);
    }

    private async Task LogosAsync()
    {
        using var content = new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0])
        {
            Headers = { ContentType = new MediaTypeHeaderValue("image/png") },
        };
        using var form = new MultipartFormDataContent { { content, "logo", "x.png" } };
        var uploaded = await _hub.Admin.Client.SendAsync("POST", "/admin/upload/logo", form);
        uploaded.Is(200);
        (await _hub.Admin.Client.SendAsync("DELETE", $"/admin/upload/logo?url={uploaded.Body.Text("url")}")).Is(200);
    }

    private async Task ChatsAsync()
    {
        var client = (await _hub.NewPersonAsync()).Client;
        var chat = (await client.SendAsync("POST", "/chats", new { title = "t" })).Body.Text("id");
        (await client.SendAsync("POST", $"/llm/chat/{chat}/message", new { content = "Hi", model = "m" })).Is(200);
        (await client.SendAsync("POST", $"/profile/analyze/{chat}")).Is(200);
        (await client.ReadAsync("/chats")).Is(200);
        (await client.ReadAsync($"/chats/{chat}")).Is(200);
        (await client.ReadAsync($"/chats/{chat}/messages")).Is(200);
        (await ChangeAsync($"/chats/{chat}", new { title = "u" }, client)).Is(200);
        (await client.SendAsync("POST", $"/chats/{chat}/favorite")).Is(200);
        (await client.SendAsync("DELETE", $"/chats/{chat}")).Is(200);
        (await client.SendAsync("POST", $"/chats/{chat}/restore")).Is(200);
        (await client.SendAsync("POST", "/chats/restore", new { ids = new[] { chat } })).Is(200);
        (await client.SendAsync("DELETE", $"/chats/{chat}/permanent")).Is(200);
        (await client.SendAsync("POST", "/chats/delete", new { ids = new[] { chat } })).Is(200);
        (await client.ReadAsync("/profile")).Is(200);
        (await ChangeAsync("/profile", new { likes = new[] { "tea" } }, client)).Is(200);
        using var content = new ByteArrayContent("%PDF-1.7"u8.ToArray())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/pdf") },
        };
        using var form = new MultipartFormDataContent { { content, "file", "x.pdf" } };
        var file = (await client.SendAsync("POST", "/files/upload", form)).Body.Text("id");
        (await client.ReadAsync("/files")).Is(200);
        (await client.SendAsync("DELETE", $"/files/{file}")).Is(200);
    }

    private async Task CallUpstreamAsync(Person person)
    {
        using var client = _hub.Host.NewClient(person.AccessToken);
        using var call = await client.PostAsync(
            "/v1/chat/completions",
            new StringContent("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json")
        );
        Assert.True(call.IsSuccessStatusCode, await call.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(
            () => _hub.ReadAsync(db => db.UsageRecords.AnyAsync(r => r.UserId == person.Id)),
            "the call is in the ledger"
        );
    }

    /// <summary>PUT and PATCH are one route to us and two in the document.</summary>
    private async Task<ApiAnswer> ChangeAsync(string path, object body, HttpClient? client = null)
    {
        (await (client ?? _hub.Admin.Client).SendAsync("PATCH", path, body)).Is(200);
        return await (client ?? _hub.Admin.Client).SendAsync("PUT", path, body);
    }
}
