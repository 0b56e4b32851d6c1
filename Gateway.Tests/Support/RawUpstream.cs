using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Support;

/// <summary>
/// An upstream that answers calls with any bytes at all, which no server of a framework would send. It lists the model <c>fake</c>.
/// </summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private const string ModelInfo =
        """{"data":[{"model_name":"fake","litellm_params":{"model":"openai/fake"},"model_info":{"id":"fake-1","mode":"chat","input_cost_per_token":2e-6,"output_cost_per_token":1.1e-5}}]}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public RawUpstream()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What calls are answered with; the connection is closed afterwards.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>An answer of a status line, header lines and a JSON body. Characters up to U+00FF are single bytes.</summary>
    public static byte[] Json(string statusLine, string headers, string body = FakeUpstream.PlainAnswer) =>
        Encoding.Latin1.GetBytes($"{statusLine}\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = await ReadRequestAsync(stream);
                await stream.WriteAsync(
                    head.StartsWith("POST", StringComparison.Ordinal)
                        ? Answer
                        : Json("HTTP/1.1 200 OK", "Content-Type: application/json\r\n", ModelInfo)
                );
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _stop.Token); // until the gateway has seen the end
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException)
            {
                // The gateway closed first.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var text = "";
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            text += Encoding.Latin1.GetString(buffer, 0, read);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0 || (end >= 0 && text.Length >= end + 4 + LengthIn(text[..end])))
            {
                return text;
            }
        }
    }

    private static int LengthIn(string head) =>
        head.Split("\r\n")
            .Where(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line[15..].Trim(), null))
            .FirstOrDefault();
}
