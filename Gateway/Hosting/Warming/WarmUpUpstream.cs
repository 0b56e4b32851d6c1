using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Hosting.Warming;

/// <summary>The upstream of the warm-up: answers each call on a loopback port with bytes made beforehand.</summary>
internal sealed class WarmUpUpstream : IDisposable
{
    private const int Chunks = 24;

    private const string Head = "HTTP/1.1 200 OK\r\nx-litellm-model-id: warm\r\nx-litellm-response-cost: 0.00001\r\nContent-Type: ";

    private const string Usage = """
        "usage":{"prompt_tokens":12,"completion_tokens":24,"total_tokens":36,"prompt_tokens_details":{"cached_tokens":4}}
        """;

    private static readonly byte[] Plain = PlainAnswer();
    private static readonly byte[][] Stream = StreamedAnswer();

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();

    private WarmUpUpstream(TcpListener listener) => _listener = listener;

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public static WarmUpUpstream Start()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var upstream = new WarmUpUpstream(listener);
        _ = upstream.ListenAsync();
        return upstream;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        var stop = _stop.Token;
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(stop);
                socket.NoDelay = true;
                _ = ServeAsync(new HttpWire(socket), stop);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private static async Task ServeAsync(HttpWire wire, CancellationToken stop)
    {
        using (wire)
        {
            try
            {
                while (await wire.ReadAsync(stop) is { } head)
                {
                    if (!head.Contains("text/event-stream", StringComparison.Ordinal))
                    {
                        await wire.SendAsync(Plain, stop);
                        continue;
                    }
                    foreach (var part in Stream)
                    {
                        await wire.SendAsync(part, stop);
                    }
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException) { }
        }
    }

    private static byte[] PlainAnswer()
    {
        const string Start = """{"id":"chatcmpl-warm","object":"chat.completion","created":1,"model":"warm-up",""";
        const string Choices = """ "choices":[{"index":0,"message":{"role":"assistant","content":"Warm."},"finish_reason":"stop"}],""";
        var body = Start + Choices + Usage + "}";
        return Encoding.ASCII.GetBytes($"{Head}application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static byte[][] StreamedAnswer()
    {
        const string Start = """{"id":"chatcmpl-warm","object":"chat.completion.chunk","created":1,"model":"warm-up","choices":""";
        return
        [
            Encoding.ASCII.GetBytes($"{Head}text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"),
            .. Enumerable
                .Range(0, Chunks)
                .Select(i => Chunk($$"""{{Start}}[{"index":0,"delta":{"content":"word {{i}} "},"finish_reason":null}]}""")),
            Chunk($$"""{{Start}}[{"index":0,"delta":{},"finish_reason":"stop"}]}"""),
            Chunk($"{Start}[],{Usage}}}"),
            Chunk("[DONE]"),
            "0\r\n\r\n"u8.ToArray(),
        ];
    }

    private static byte[] Chunk(string data) => Encoding.ASCII.GetBytes($"{data.Length + 8:x}\r\ndata: {data}\n\n\r\n");
}
