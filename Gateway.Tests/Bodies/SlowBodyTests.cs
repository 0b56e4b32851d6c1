using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

public sealed class SlowBodyTests
{
    [Fact]
    public async Task A_body_that_stops_coming_is_given_up()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["MIN_BODY_BYTES_PER_SECOND"] = "1048576" }
        );
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, hub.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {hub.ApiKey}\r\nContent-Type: "
                    + $"application/json\r\nContent-Length: 100\r\n\r\n{{\"mo"
            )
        );
        var buffer = new byte[8_192];
        var answer = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request_timeout\"", answer, StringComparison.Ordinal);
    }
}
