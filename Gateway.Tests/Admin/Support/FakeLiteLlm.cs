using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Admin.Support;

/// <summary>
/// The management side of a LiteLLM whose models a test changes as it goes; what the sandbox's fixed catalogue cannot play.
/// </summary>
internal sealed class FakeLiteLlm : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeLiteLlm(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>The answer to <c>/model/info</c>; null: 404.</summary>
    public Func<HttpContext, Task<string?>> ModelInfo { get; set; } = _ => Task.FromResult<string?>("{\"data\":[]}");

    /// <summary>The answer to <c>/v1/models</c>; null: 404.</summary>
    public Func<HttpContext, Task<string?>> Models { get; set; } = _ => Task.FromResult<string?>("{\"data\":[]}");

    /// <summary>The answer to any other call by method and path, such as <c>POST /budget/new</c>, given its body; null: 404.</summary>
    public Func<string, string, string?> Manage { get; set; } = (_, _) => null;

    /// <summary>What a call by method and path is refused with, before anything else; null: it is not.</summary>
    public Func<string, (int Status, string Body)?> Fail { get; set; } = _ => null;

    /// <summary>Bodies of the calls that <see cref="Manage"/> answered.</summary>
    public ConcurrentQueue<string> Bodies { get; } = [];

    /// <summary>Method and path of the calls that <see cref="Manage"/> answered.</summary>
    public ConcurrentQueue<string> Managed { get; } = [];

    /// <summary>Method, path and Authorization header of each call.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public static async Task<FakeLiteLlm> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeLiteLlm(builder.Build());
        fake._app.Run(fake.AnswerAsync);
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>A product with this upstream, synced at its start.</summary>
    public async Task<AdminHub> StartHubAsync(TestDatabase database = TestDatabase.Sqlite, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["LITELLM_BASE_URL"] = Address + "/",
            ["LITELLM_API_KEY"] = "sk-upstream",
            ["MODEL_SYNC_SECONDS"] = "0",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }
        return await AdminHub.StartAsync(database, all);
    }

    public void Offers(params string[] rows)
    {
        var body = $$"""{"data":[{{string.Join(",", rows)}}]}""";
        ModelInfo = _ => Task.FromResult<string?>(body);
    }

    /// <summary>A row of <c>/model/info</c>.</summary>
    public static string Row(string name, string provider, string? info = null)
    {
        var node = new JsonObject
        {
            ["id"] = name,
            ["litellm_provider"] = provider,
            ["pricing_overrides"] = new JsonArray(),
        };
        foreach (var (member, value) in JsonNode.Parse(info ?? "{}")!.AsObject())
        {
            node[member] = value?.DeepClone();
        }
        return new JsonObject
        {
            ["model_name"] = name,
            ["litellm_params"] = new JsonObject { ["model"] = $"{provider}/{name}" },
            ["model_info"] = node,
        }.ToJsonString();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<string?> ManageAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var call = $"{http.Request.Method} {http.Request.Path}";
        Bodies.Enqueue(body);
        Managed.Enqueue(call);
        return Manage(call, body);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Calls.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {http.Request.Headers.Authorization}");
        if (Fail($"{http.Request.Method} {http.Request.Path}") is { } failure)
        {
            http.Response.StatusCode = failure.Status;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(failure.Body);
            return;
        }
        var answer = http.Request.Path.Value switch
        {
            "/model/info" => await ModelInfo(http),
            "/v1/models" => await Models(http),
            _ => await ManageAsync(http),
        };
        http.Response.StatusCode = answer is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer ?? "{\"detail\":\"Not Found\"}");
    }
}
