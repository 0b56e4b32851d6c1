using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;

namespace Gateway.Tests.Support;

/// <summary>A collector of traces that speaks OTLP over HTTP and keeps every span.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<byte[]> _bodies = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Makes a gateway send here, soon.</summary>
    public void Configure(WebApplicationBuilder gateway) =>
        gateway.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            }
        );

    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>All that came, byte for byte.</summary>
    public IReadOnlyList<byte[]> Bodies => [.. _bodies];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The server span of a trace, once it is there.</summary>
    public Task<ReceivedSpan> ServerSpanAsync(string traceId) =>
        Eventually.NotNullAsync(() =>
            Task.FromResult(
                Spans.FirstOrDefault(s =>
                    s.TraceId == traceId && s.Scope == "Microsoft.AspNetCore" && s.Tags.ContainsKey("gen_ai.operation.name")
                )
            )
        );

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (http.Request.Path != "/v1/traces")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        _bodies.Enqueue(body.ToArray());
        foreach (var resource in ProtobufReader.Messages(body.ToArray(), 1))
        {
            foreach (var scope in ProtobufReader.Messages(resource, 2))
            {
                var name = ProtobufReader.Text(ProtobufReader.Messages(scope, 1).FirstOrDefault(), 1);
                foreach (var span in ProtobufReader.Messages(scope, 2))
                {
                    _spans.Enqueue(Read(name, span));
                }
            }
        }
        http.Response.ContentType = "application/x-protobuf";
    }

    private static ReceivedSpan Read(string scope, ReadOnlyMemory<byte> span) =>
        new(
            scope,
            ProtobufReader.Hex(span, 1),
            ProtobufReader.Hex(span, 2),
            ProtobufReader.Hex(span, 4),
            ProtobufReader.Text(span, 5),
            ProtobufReader
                .Messages(span, 9)
                .ToDictionary(tag => ProtobufReader.Text(tag, 1), tag => Value(ProtobufReader.Messages(tag, 2).First())),
            [.. ProtobufReader.Messages(span, 11).Select(e => ProtobufReader.Text(e, 2))]
        );

    private static string Value(ReadOnlyMemory<byte> value)
    {
        var (field, _, number) = ProtobufReader.Fields(value).First();
        return field switch
        {
            1 => ProtobufReader.Text(value, 1),
            2 => number == 0 ? "false" : "true",
            5 => string.Join(',', ProtobufReader.Messages(ProtobufReader.Messages(value, 5).First(), 1).Select(Value)),
            4 => BitConverter.UInt64BitsToDouble(number).ToString(CultureInfo.InvariantCulture),
            _ => number.ToString(CultureInfo.InvariantCulture),
        };
    }
}
