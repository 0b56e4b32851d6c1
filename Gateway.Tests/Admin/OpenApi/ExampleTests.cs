using System.Text;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.OpenApi;

/// <summary>
/// What the document suggests works as it stands when it is tried on a fresh gateway. Where a path needs an id that only its reader knows,
/// it is the id of what an example before made.
/// </summary>
public sealed class ExampleTests : IAsyncLifetime
{
    private const string Base = "/api/v1";

    // Who registers first can sign in; who signs out comes last.
    private static readonly string[] First =
    [
        "/auth/register",
        "/auth/login",
        "/users/{user_id}/api-keys",
        "/admin/users",
        "/admin/teams",
        "/chats",
    ];
    private static readonly string[] Last = ["/users/me/password", "/auth/refresh", "/auth/logout"];

    private readonly Dictionary<string, string> _made = [];

    private FakeLiteLlm _upstream = null!;
    private AdminHub _hub = null!;
    private JsonElement _document;
    private string _token = "";

    public async Task InitializeAsync()
    {
        (_upstream, _hub) = await DescribedHub.StartAsync();
        (await _hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Is(200);
        _document = await ReadDocumentAsync(_hub);
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Every_body_that_is_suggested_is_taken()
    {
        List<string> refused = [];
        foreach (var (method, path, operation) in WithBodies().OrderBy(o => Place(o.Path)).ThenBy(o => o.Method != "POST"))
        {
            await PrepareAsync(method, path);
            var example = operation.At("requestBody.content").GetProperty("application/json").GetProperty("example");
            var answer = await ClientOf(path, operation).SendAsync(method, await FilledAsync(path, operation), example.GetRawText());
            if ((int)answer.Status is not (200 or 201))
            {
                refused.Add($"{method} {path} {example.GetRawText()}: {answer.Raw}");
                continue;
            }
            Remember(path, answer.Body);
        }
        Assert.True(refused.Count == 0, string.Join('\n', refused));
    }

    [Fact]
    public async Task Every_address_that_is_suggested_is_there()
    {
        List<string> refused = [];
        foreach (var (method, path, operation) in Operations().Where(o => o.Method == "GET"))
        {
            var parameters = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [];
            var address = parameters
                .Where(p => p.Text("in") == "path")
                .Aggregate(
                    path,
                    (text, p) => p.TryGetProperty("example", out var id) ? text.Replace($"{{{p.Text("name")}}}", id.GetString()) : text
                );
            if (address.Contains('{'))
            {
                continue;
            }
            var query = parameters
                .Where(p => p.Text("in") == "query" && p.TryGetProperty("example", out _))
                .Select(p => $"{p.Text("name")}={p.Text("example")}");
            using var answer = await _hub.Admin.Client.GetAsync($"{Base}{address}?{string.Join('&', query)}");
            if (!answer.IsSuccessStatusCode)
            {
                refused.Add($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }
        Assert.True(refused.Count == 0, string.Join('\n', refused));
    }

    [Fact]
    public async Task Every_call_that_is_suggested_is_answered()
    {
        await using var hub = await AdminHub.StartAsync();
        var document = await ReadDocumentAsync(hub);
        var calls = document
            .GetProperty("paths")
            .EnumerateObject()
            .Where(p => p.Name.StartsWith("/v1/", StringComparison.Ordinal))
            .Where(p => !p.Name.StartsWith("/v1/files", StringComparison.Ordinal)) // LiteLLM keeps none
            .Where(p => !p.Name.StartsWith("/v1/batches", StringComparison.Ordinal))
            .Where(p => p.Name != "/v1/realtime") // a WebSocket
            .ToList();
        Assert.Contains(calls, c => c.Name == "/v1/chat/completions");
        foreach (var (path, method, operation) in calls.SelectMany(c => c.Value.EnumerateObject().Select(o => (c.Name, o.Name, o.Value))))
        {
            if (!operation.TryGetProperty("requestBody", out var body))
            {
                // Responses and conversations are known to their users only.
                if (method == "get" && !path.Replace("{model}", "", StringComparison.Ordinal).Contains('{', StringComparison.Ordinal))
                {
                    var address = operation.TryGetProperty("parameters", out var parameters)
                        ? path.Replace("{model}", parameters[0].Text("example"))
                        : path;
                    using var read = await hub.Host.Client.GetAsync(address);
                    Assert.True(read.IsSuccessStatusCode, $"{path}: {await read.Content.ReadAsStringAsync()}");
                }
            }
            else
            {
                using var call = await hub.Host.Client.PostAsync(path, ContentOf(body.GetProperty("content")));
                Assert.True(call.IsSuccessStatusCode, $"{path}: {await call.Content.ReadAsStringAsync()}");
            }
        }
    }

    // A form has its file beside the members of its example.
    private static HttpContent ContentOf(JsonElement content)
    {
        if (content.TryGetProperty("application/json", out var json))
        {
            return new StringContent(json.GetProperty("example").GetRawText(), Encoding.UTF8, "application/json");
        }
        var form = new MultipartFormDataContent();
        var media = content.GetProperty("multipart/form-data");
        var file = media.At("schema.properties").EnumerateObject().Single(p => p.Value.TryGetProperty("format", out _)).Name;
        form.Add(new ByteArrayContent([1, 2, 3]), file, "file.bin");
        foreach (var member in media.GetProperty("example").EnumerateObject())
        {
            form.Add(new StringContent(member.Value.GetString()!), member.Name);
        }
        return form;
    }

    private static async Task<JsonElement> ReadDocumentAsync(AdminHub hub) =>
        JsonDocument.Parse(await hub.Anonymous.GetStringAsync("/openapi.json")).RootElement;

    private static int Place(string path) =>
        Array.IndexOf(First, path) is var first and >= 0 ? first
        : Array.IndexOf(Last, path) is var last and >= 0 ? 1_000 + last
        : 500;

    private IEnumerable<(string Method, string Path, JsonElement Operation)> Operations() =>
        from path in _document.GetProperty("paths").EnumerateObject()
        where path.Name.StartsWith(Base, StringComparison.Ordinal)
        from operation in path.Value.EnumerateObject()
        select (operation.Name.ToUpperInvariant(), path.Name[Base.Length..], operation.Value);

    private IEnumerable<(string Method, string Path, JsonElement Operation)> WithBodies() =>
        Operations()
            .Where(o =>
                o.Operation.TryGetProperty("requestBody", out var body) && body.At("content").TryGetProperty("application/json", out _)
            );

    // Staff's routes are called by the admin, all others by whom the first two examples signed in.
    private HttpClient ClientOf(string path, JsonElement operation)
    {
        if (path.StartsWith("/admin/", StringComparison.Ordinal))
        {
            return _hub.Admin.Client;
        }
        var isOpen = !operation.TryGetProperty("security", out _) && path is not ("/auth/refresh" or "/auth/logout");
        var client = _hub.Host.NewClient(isOpen ? null : _token);
        client.DefaultRequestHeaders.Add("X-Requested-With", "console"); // sessions with a cookie are for pages of this origin
        return client;
    }

    private async Task PrepareAsync(string method, string path)
    {
        switch (path)
        {
            case "/admin/transactions/{id}": // each ends one that is pending
                var pending = await _hub.Host.NewClient(_token).SendAsync("POST", "/transactions/deposit", new { amount = 5 });
                _made[path] = pending.Body.Text("id");
                break;
            case "/admin/model-configs" when method == "POST": // a model has one from the start
                var configs = await _hub.Admin.Client.ReadAsync("/admin/model-configs");
                foreach (var config in configs.Body.GetProperty("data").EnumerateArray())
                {
                    (await _hub.Admin.Client.SendAsync("DELETE", $"/admin/model-configs/{config.Text("id")}")).Is(200);
                }
                break;
        }
    }

    private async Task<string> FilledAsync(string path, JsonElement operation)
    {
        foreach (
            var parameter in operation.TryGetProperty("parameters", out var all)
                ? all.EnumerateArray().Where(p => p.Text("in") == "path").ToList()
                : []
        )
        {
            var name = parameter.Text("name");
            path = path.Replace(
                $"{{{name}}}",
                parameter.TryGetProperty("example", out var example) ? example.GetString() : await FindAsync(path, name)
            );
        }
        return path;
    }

    private async Task<string> FindAsync(string path, string parameter) =>
        path switch
        {
            "/api-keys/{key_id}" or "/api-keys/{key_id}/rotate" => _made["/users/{user_id}/api-keys"],
            "/admin/litellm/users/keys/{key_id}" => "t",
            _ when parameter == "chat_id" => _made["/chats"],
            "/admin/model-configs/{id}" => (await _hub.Admin.Client.ReadAsync("/admin/model-configs")).Body.Text("data.0.id"),
            "/admin/transactions/{id}" => _made[path],
            _ when path.StartsWith("/admin/users/", StringComparison.Ordinal)
                    || path.StartsWith("/admin/approve/", StringComparison.Ordinal) => _made["/admin/users"],
            _ => _made[path.Replace($"/{{{parameter}}}", "")],
        };

    private void Remember(string path, JsonElement body)
    {
        if (path == "/auth/login")
        {
            _token = body.Text("token");
        }
        if (body.ValueKind != JsonValueKind.Object) // a stream
        {
            return;
        }
        if (body.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("id", out var id))
        {
            _made[path] = id.GetString()!;
        }
        else if (body.TryGetProperty("id", out id))
        {
            _made[path] = id.GetString()!;
        }
    }
}
