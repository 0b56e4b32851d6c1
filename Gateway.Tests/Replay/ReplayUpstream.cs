using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Replay;

/// <summary>
/// An upstream that answers each inference call with <see cref="Answer"/>, each piece flushed as one HTTP chunk, and knows nothing else:
/// the catalogue is the test's to make. One call at a time.
/// </summary>
internal sealed class ReplayUpstream : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["connection", "keep-alive", "transfer-encoding", "content-length"];

    private readonly WebApplication _app;
    private TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ReplayUpstream(WebApplication app)
    {
        _app = app;
        app.Run(ServeAsync);
    }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What the next call gets.</summary>
    public ReplayAnswer? Answer { get; set; }

    /// <summary>The calls so far, in their order.</summary>
    public ConcurrentQueue<ReceivedCall> Received { get; } = new();

    /// <summary>Completes when the caller of the running call has closed its connection.</summary>
    public Task CallerLeft => _left.Task;

    public static async Task<ReplayUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var upstream = new ReplayUpstream(builder.Build());
        await upstream._app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || Answer is not { } answer)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var left = _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        http.RequestAborted.Register(() => left.TrySetResult());
        Received.Enqueue(
            new ReceivedCall(
                http.Request.Path,
                http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
                body.ToArray(),
                http.Connection.Id
            )
        );
        Prepare(http.Response, answer);
        try
        {
            await SendAsync(http, answer);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            // The caller has left, which is what some tests are about.
        }
    }

    private static void Prepare(HttpResponse response, ReplayAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                response.Headers.Append(name, value);
            }
            else if (name.Equals("content-length", StringComparison.OrdinalIgnoreCase))
            {
                response.ContentLength = answer.Pieces.Sum(piece => piece.Length);
            }
        }
    }

    private static async Task SendAsync(HttpContext http, ReplayAnswer answer)
    {
        await http.Response.StartAsync();
        for (var i = 0; i < answer.Pieces.Count; i++)
        {
            await (answer.BeforePiece?.Invoke(i).WaitAsync(http.RequestAborted) ?? Task.CompletedTask);
            await http.Response.Body.WriteAsync(answer.Pieces[i], http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
        await (answer.BeforeEnd?.Invoke().WaitAsync(http.RequestAborted) ?? Task.CompletedTask);
        if (!answer.Ends)
        {
            http.Abort();
        }
    }
}
