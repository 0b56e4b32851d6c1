using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.Support;

/// <summary>
/// An upstream that keeps every byte it was sent and answers as the test says. It lists the models <c>fake</c> and <c>group/fake</c>.
/// </summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    /// <summary>Seven prompt and three completion tokens: 7 x 2e-6 + 3 x 1.1e-5 USD.</summary>
    public const string Usage = """{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}""";

    public const string PlainAnswer =
        $$"""{"id":"answer-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{{Usage}}}""";

    /// <summary>The cost of <see cref="Usage"/>.</summary>
    public const long UsageCostNanoUsd = 47_000;

    private const string ModelInfo = """
        {"data":[{"model_name":"fake","litellm_params":{"model":"openai/fake"},"model_info":{"id":"fake-1","mode":"chat","input_cost_per_token":2e-6,"output_cost_per_token":1.1e-5,"pricing_overrides":[]}},
        {"model_name":"group/fake","litellm_params":{"model":"openai/group/fake"},"model_info":{"id":"fake-2","mode":"chat","input_cost_per_token":2e-6,"output_cost_per_token":1.1e-5,"pricing_overrides":[]}}]}
        """;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();

    private FakeUpstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The inference calls, oldest first.</summary>
    public IReadOnlyList<ReceivedCall> Calls => [.. _calls];

    /// <summary>How calls are answered.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = http => JsonAsync(http, PlainAnswer);

    /// <summary>How anything but calls and <c>/model/info</c> is answered: health probes.</summary>
    public int ProbeStatus { get; set; } = 200;

    /// <summary>Probes that came.</summary>
    public int Probes { get; private set; }

    /// <summary>Starts one on HTTP/1.1, or, with a certificate, on HTTPS and what the client prefers.</summary>
    public static async Task<FakeUpstream> StartAsync(int port = 0, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(
                    IPAddress.Loopback,
                    port,
                    listen =>
                    {
                        listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                        if (certificate is not null)
                        {
                            listen.UseHttps(certificate);
                        }
                    }
                );
                kestrel.Limits.MaxRequestBodySize = null;
            });
        var app = builder.Build();
        var upstream = new FakeUpstream(app);
        app.Run(upstream.HandleAsync);
        await app.StartAsync();
        return upstream;
    }

    public static async Task JsonAsync(HttpContext http, string json, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(json);
    }

    /// <summary>Begins a stream.</summary>
    public static void BeginStream(HttpContext http) => http.Response.ContentType = "text/event-stream";

    /// <summary>Sends one event at once.</summary>
    public static async Task EventAsync(HttpContext http, string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n");
        await http.Response.Body.FlushAsync();
    }

    /// <summary>A chunk of text.</summary>
    public static string Chunk(string text) => $$$"""{"id":"answer-1","choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""";

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        if (http.Request.Path.Value is "/model/info" or "/v1/model/info")
        {
            await JsonAsync(http, ModelInfo);
            return;
        }
        if (http.Request.Method != "POST")
        {
            Probes++;
            http.Response.StatusCode = ProbeStatus;
            return;
        }
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _calls.Enqueue(
            new ReceivedCall(
                http.Request.Path + http.Request.QueryString,
                http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
                body.ToArray()
            )
        );
        await Answer(http);
    }
}
