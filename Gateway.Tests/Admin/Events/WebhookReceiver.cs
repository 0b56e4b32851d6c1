using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Admin.Events;

/// <summary>An operator's server that keeps what it was sent.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First() + "/hook";

    public ConcurrentQueue<Delivery> Deliveries { get; } = [];

    /// <summary>The status of the next answer.</summary>
    public Func<int> Status { get; set; } = () => 204;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Deliveries.Enqueue(
            new Delivery(
                http.Request.Headers["X-Oneui-Event-Id"].ToString(),
                http.Request.Headers["X-Oneui-Signature"].ToString(),
                body.ToArray()
            )
        );
        http.Response.StatusCode = Status();
    }
}
