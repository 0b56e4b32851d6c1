using System.Globalization;
using System.Net;
using Gateway.Benchmarks.Load.Processes;

namespace Gateway.Benchmarks.Load.Servers;

/// <summary>
/// The upstream of the measurements: bare Kestrel and bytes made beforehand, so that it takes as little of the machine as it can. Answers a
/// stream where the client accepts one.
/// </summary>
internal static class UpstreamServer
{
    private static int _pauseMilliseconds;
    private static long _traces;

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(IPAddress.Loopback, 0);
            });
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        await ControlLoop.RunAsync(new Uri(app.Urls.First()).Port, AnswerCommandAsync);
    }

    // "pause <milliseconds>": between the chunks of a stream from now on.
    private static Task<object> SetPauseAsync(string command)
    {
        Volatile.Write(ref _pauseMilliseconds, int.Parse(command.AsSpan("pause ".Length), CultureInfo.InvariantCulture));
        return Task.FromResult<object>(new { });
    }

    private static Task<object> AnswerCommandAsync(string command) =>
        command == "traces" ? Task.FromResult<object>(new TraceCount(Interlocked.Read(ref _traces))) : SetPauseAsync(command);

    private static async Task AnswerAsync(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null);
        if (http.Request.Path.Value == "/v1/traces")
        {
            Interlocked.Increment(ref _traces); // it stands for a collector of traces too
            return;
        }
        var headers = http.Response.Headers;
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            var isCatalogue = http.Request.Path.Value == "/model/info";
            http.Response.StatusCode = isCatalogue ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
            headers.ContentType = "application/json";
            await http.Response.BodyWriter.WriteAsync(isCatalogue ? UpstreamAnswers.ModelInfo : "{}"u8.ToArray());
            return;
        }
        headers["x-litellm-model-id"] = "4f1c";
        headers["x-litellm-version"] = "1.81.0";
        if (http.Request.Headers.Accept == "text/event-stream")
        {
            headers.ContentType = "text/event-stream; charset=utf-8";
            await StreamAsync(http);
            return;
        }
        headers["x-litellm-response-cost"] = "4.59e-05";
        headers.ContentType = "application/json";
        headers.ContentLength = UpstreamAnswers.Plain.Length;
        await http.Response.BodyWriter.WriteAsync(UpstreamAnswers.Plain);
    }

    private static async Task StreamAsync(HttpContext http)
    {
        foreach (var chunk in UpstreamAnswers.Stream)
        {
            await http.Response.BodyWriter.WriteAsync(chunk);
            if (Volatile.Read(ref _pauseMilliseconds) is var pause and > 0)
            {
                await Task.Delay(pause, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (http.RequestAborted.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
