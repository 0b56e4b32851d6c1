using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>A body above the limit is refused at the limit: it is neither read to its end nor kept.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class LargeBodyTests(SharedHub shared)
{
    private const long Huge = 100L * 1024 * 1024;

    private readonly HubHost _hub = shared.Hub;

    [Fact]
    public async Task A_length_above_the_limit_is_413_before_a_byte_of_the_body()
    {
        using var socket = await ConnectAsync($"Content-Length: {Huge}");
        await AssertPayloadTooLargeAsync(socket);
    }

    [Fact]
    public async Task A_chunked_body_is_413_as_soon_as_it_passes_the_limit()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var socket = await ConnectAsync("Transfer-Encoding: chunked");
        var sent = await SendUntilAnsweredAsync(socket);
        await AssertPayloadTooLargeAsync(socket);
        Assert.InRange(sent, 32L * 1024 * 1024, Huge - 1);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 160L * 1024 * 1024);
    }

    [Fact]
    public async Task A_body_that_goes_on_for_ever_ends_with_the_connection()
    {
        using var socket = await ConnectAsync("Transfer-Encoding: chunked");
        Assert.InRange(await SendAsync(socket, until: () => false), 32L * 1024 * 1024, Huge - 1);
    }

    [Fact]
    public async Task A_real_client_gets_the_answer_while_it_is_still_sending()
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, new byte[40 * 1024 * 1024]);
        await (await _hub.Client.SendAsync(request)).AssertRefusedAsync(413, "invalid_request_error", "payload_too_large");
    }

    [Fact]
    public async Task A_body_at_the_limit_is_read()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["MAX_BODY_BYTES"] = "2048" });
        var body = InferenceCalls.Chat("sandbox-chat");
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.ChatAsync(body + new string(' ', 2_048 - body.Length))).StatusCode);
        await (await hub.Client.ChatAsync(body + new string(' ', 2_049 - body.Length))).AssertRefusedAsync(
            413,
            "invalid_request_error",
            "payload_too_large"
        );
    }

    private async Task<TcpClient> ConnectAsync(string length)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _hub.Address.Port);
        await socket
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_hub.ApiKey}\r\nContent-Type: "
                        + $"application/json\r\n{length}\r\n\r\n"
                )
            );
        return socket;
    }

    private static Task<long> SendUntilAnsweredAsync(TcpClient socket) => SendAsync(socket, () => socket.GetStream().DataAvailable);

    // Sends chunks until it is enough, 100 MB are out, or nobody takes them any more.
    private static async Task<long> SendAsync(TcpClient socket, Func<bool> until)
    {
        var chunk = Encoding.ASCII.GetBytes("10000\r\n").Concat(new byte[65_536]).Concat("\r\n"u8.ToArray()).ToArray();
        var sent = 0L;
        try
        {
            while (sent < Huge && !until())
            {
                await socket.GetStream().WriteAsync(chunk).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
                sent += 65_536;
            }
        }
        catch (IOException)
        {
            // The connection was closed at the other end, which is an answer too.
        }
        return sent;
    }

    private static async Task AssertPayloadTooLargeAsync(TcpClient socket)
    {
        var buffer = new byte[4_096];
        var read = await socket.GetStream().ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        var answer = Encoding.ASCII.GetString(buffer, 0, read);
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"payload_too_large\"", answer, StringComparison.Ordinal);
    }
}
