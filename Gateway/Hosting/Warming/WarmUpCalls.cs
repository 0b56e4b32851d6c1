using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Telemetry;

namespace Gateway.Hosting.Warming;

/// <summary>The calls of the warm-up: plain ones, streams and refusals, as SDKs send them, over a few connections.</summary>
internal sealed class WarmUpCalls : IDisposable
{
    private const int Connections = 3;
    private const int PlainCalls = 24; // of each connection in a round; the runtime compiles what was called thirty times
    private const int Streams = 6;

    private readonly List<HttpWire> _connections;
    private readonly byte[] _plain;
    private readonly byte[] _stream;
    private readonly byte[][] _refused;

    private WarmUpCalls(List<HttpWire> connections, string apiKey)
    {
        _connections = connections;
        _plain = Call(apiKey, WarmUpRows.Model, stream: false);
        _stream = Call(apiKey, WarmUpRows.Model, stream: true);
        _refused = [Call(apiKey, "unknown", stream: false), Call("sk-unknown", WarmUpRows.Model, stream: false)];
    }

    public static async Task<WarmUpCalls> OpenAsync(int port, string apiKey, CancellationToken cancellationToken)
    {
        List<HttpWire> connections = [];
        for (var i = 0; i < Connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            connections.Add(new HttpWire(socket));
        }
        return new WarmUpCalls(connections, apiKey);
    }

    public Task MakeRoundAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_connections.Select(connection => MakeAsync(connection, cancellationToken)));

    public void Dispose() => _connections.ForEach(c => c.Dispose());

    private async Task MakeAsync(HttpWire connection, CancellationToken cancellationToken)
    {
        for (var i = 0; i < PlainCalls; i++)
        {
            await CallAsync(_plain, "200");
        }
        for (var i = 0; i < Streams; i++)
        {
            await CallAsync(_stream, "200");
        }
        await CallAsync(_refused[0], "404");
        await CallAsync(_refused[1], "401");

        async Task CallAsync(byte[] call, string status)
        {
            await connection.SendAsync(call, cancellationToken);
            var head = await connection.ReadAsync(cancellationToken);
            if (head?.Split(' ') is not [_, var answered, ..] || answered != status)
            {
                throw new InvalidOperationException($"A call of the warm-up was answered with {head?.Split('\r')[0]}, not with {status}.");
            }
        }
    }

    private static byte[] Call(string apiKey, string model, bool stream)
    {
        var streamMembers = stream ? "\"stream\":true," : "";
        const string System = """{"role":"system","content":"You are a helpful assistant."}""";
        const string User = """{"role":"user","content":"Warm up, please."}""";
        var body = $$"""{"model":"{{model}}","messages":[{{System}},{{User}}],"temperature":0.7,"max_tokens":256,{{streamMembers}}"n":1}""";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {apiKey}\r\nContent-Type: application/json\r\n"
                + $"Accept: {(stream ? "text/event-stream" : "application/json")}\r\nUser-Agent: OpenAI/Python 1.109.1\r\n"
                + $"traceparent: 00-{TraceSampler.NeverTraced}-0000000000000001-00\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );
    }
}
