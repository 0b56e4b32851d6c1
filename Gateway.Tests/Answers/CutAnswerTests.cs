using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Answers;

/// <summary>
/// Plain answers and sound that break off after they began: what came is sent on, and the connection closes in order, but before the end
/// that the answer said it has.
/// </summary>
public sealed class CutAnswerTests(CutAnswerTests.Fixture fixture) : IClassFixture<CutAnswerTests.Fixture>
{
    private const string Speech = "/v1/audio/speech";
    private const int Promised = 2_000_000;
    private const int Sent = 600_000;

    private readonly HubHost _hub = fixture.Hub;
    private readonly FakeUpstream _upstream = fixture.Upstream;

    [Theory, InlineData(true), InlineData(false)]
    public async Task Plain_answer_closes_in_order_without_its_end(bool hasLength)
    {
        Break("application/json", "{\"id\":\"1\",\"text\":\"" + new string('x', Sent), hasLength ? Promised : null);
        var (text, isReset) = await CallAsync(InferenceCalls.ChatPath, InferenceCalls.Chat("fake"));
        Assert.False(isReset);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.Equal(hasLength, text.Contains($"Content-Length: {Promised}\r\n", StringComparison.Ordinal));
        Assert.DoesNotContain("\r\n0\r\n", text, StringComparison.Ordinal);
        Assert.True(text.Length < Promised);
        Assert.DoesNotContain(fixture.Log.Entries, e => e.Level >= LogLevel.Error);
    }

    [Theory, InlineData(100), InlineData(Sent)]
    public async Task Sound_is_sent_as_far_as_it_came(int length)
    {
        Break("audio/mpeg", new string('x', length), null);
        var (text, isReset) = await CallAsync(Speech, """{"model":"fake","input":"Hello","voice":"alloy"}""");
        Assert.False(isReset);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.Equal(length, text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..].Count(c => c == 'x'));
        Assert.DoesNotContain("\r\n0\r\n", text, StringComparison.Ordinal);
    }

    private void Break(string mediaType, string text, long? length) =>
        _upstream.Answer = async http =>
        {
            http.Response.ContentType = mediaType;
            http.Response.ContentLength = length;
            await http.Response.WriteAsync(text);
            await http.Response.Body.FlushAsync();
            throw new IOException("The connection ends here.");
        };

    private async Task<(string Text, bool IsReset)> CallAsync(string path, string body)
    {
        using var connection = new TcpClient(_hub.Address.Host, _hub.Address.Port);
        var head =
            $"POST {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {_hub.ApiKey}\r\nContent-Type: "
            + $"application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body));
        var (bytes, isReset) = await stream.ReadAsFarAsItComesAsync();
        return (Encoding.ASCII.GetString(bytes), isReset);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal FakeUpstream Upstream { get; private set; } = null!;

        internal LogCapture Log { get; } = new();

        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Upstream = await FakeUpstream.StartAsync();
            Hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = Upstream.Address.ToString() },
                configure: builder => builder.Logging.AddProvider(Log)
            );
        }

        public async Task DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
