using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Bodies;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>
/// However many bodies a key sends, and however slowly: they take the memory that the options allow, and other callers are served.
/// </summary>
public sealed class ManyBodiesTests
{
    private const int Megabyte = 1024 * 1024;
    private const int Connections = 40;

    private static readonly Dictionary<string, string> Small = new()
    {
        ["MAX_BODY_BYTES"] = $"{2 * Megabyte}",
        ["BODY_ROOM_PER_KEY_BYTES"] = $"{8 * Megabyte}",
        ["BODY_ROOM_BYTES"] = $"{32 * Megabyte}",
    };

    [Fact]
    public async Task Slow_bodies_of_one_key_stay_within_its_room_and_other_keys_are_served()
    {
        // Nothing is cut
        await using var hub = await HubHost.StartAsync(settings: Small, time: new ManualTimeProvider(DateTimeOffset.UtcNow));
        var slow = await hub.AddCallerAsync();
        var other = await hub.AddCallerAsync();
        var room = hub.Services.GetRequiredService<BodyRoom>();
        var senders = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => BodySender.OpenAsync(hub, slow.Text, 2 * Megabyte)));
        await Task.WhenAll(senders.Select(sender => sender.SendAsync(2 * Megabyte - 1)));
        await Eventually.TrueAsync(
            () => Task.FromResult(senders.Count(sender => sender.HasAnswer) >= Connections - 4),
            "all but four are refused"
        );

        Assert.InRange(room.UsedBytes, Megabyte, 8 * Megabyte);
        using var client = hub.NewClient(other.Text);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
        var refused = await senders.First(sender => sender.HasAnswer).ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 503 ", refused, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 1\r\n", refused, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"body_room_used_up\"", refused, StringComparison.Ordinal);

        foreach (var sender in senders)
        {
            sender.Dispose();
        }
        await Eventually.TrueAsync(() => Task.FromResult(room.UsedBytes == 0), "all room is given back");
    }

    [Fact]
    public async Task Bodies_that_are_only_announced_take_next_to_nothing()
    {
        // Nothing is cut
        await using var hub = await HubHost.StartAsync(settings: Small, time: new ManualTimeProvider(DateTimeOffset.UtcNow));
        var room = hub.Services.GetRequiredService<BodyRoom>();
        var senders = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => BodySender.OpenAsync(hub, hub.ApiKey, 2 * Megabyte)));
        await Eventually.TrueAsync(() => Task.FromResult(room.UsedBytes > 0), "bodies are waited for");
        Assert.InRange(room.UsedBytes, 1, Connections * 64L * 1024);
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
        foreach (var sender in senders)
        {
            sender.Dispose();
        }
    }

    [Fact]
    public async Task A_body_that_has_gone_upstream_takes_no_room_while_its_answer_is_waited_for()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        var release = new TaskCompletionSource();
        upstream.Answer = async http =>
        {
            await release.Task;
            await FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer);
        };
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string>(Small) { ["LITELLM_BASE_URL"] = upstream.Address.ToString() }
        );
        var room = hub.Services.GetRequiredService<BodyRoom>();
        var body = InferenceCalls.Chat("fake", $",\"user\":\"{new string('x', Megabyte)}\"");
        var calls = Enumerable.Range(0, 6).Select(_ => hub.Client.ChatAsync(body)).ToList();
        await Eventually.TrueAsync(
            () => Task.FromResult(upstream.Calls.Count == 6 && room.UsedBytes == 0),
            "all bodies are upstream and out of memory"
        );
        release.SetResult();
        Assert.All(await Task.WhenAll(calls), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.All(upstream.Calls, call => Assert.Equal(body, call.Text));
    }

    [Fact]
    public async Task A_call_is_in_flight_while_its_body_is_read()
    {
        await using var hub = await HubHost.StartAsync(time: new ManualTimeProvider(DateTimeOffset.UtcNow)); // nothing is cut
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyRateLimitAsync(caller, limit => limit.MaxConcurrent = 2);
        using var client = hub.NewClient(caller.Text);
        using var first = await BodySender.OpenAsync(hub, caller.Text, 1_000);
        using var second = await BodySender.OpenAsync(hub, caller.Text, 1_000);
        await Eventually.TrueAsync(async () => await HeldAsync(client) == 2, "both are in flight");
        await (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(429, "requests", "rate_limit_exceeded");
        first.Dispose();
        await Eventually.TrueAsync(
            async () => (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode == HttpStatusCode.OK,
            "the place is free again"
        );
    }

    [Fact]
    public async Task A_key_whose_minute_is_used_up_is_refused_before_its_body_comes()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyRateLimitAsync(caller, limit => limit.RequestsPerMinute = 1);
        using var client = hub.NewClient(caller.Text);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
        using var sender = await BodySender.OpenAsync(hub, caller.Text, 1_000);
        var answer = await sender.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 429 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"rate_limit_exceeded\"", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_comes_fast_and_then_drips_is_given_up()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await HubHost.StartAsync(time: time);
        using var sender = await BodySender.OpenAsync(hub, hub.ApiKey, 8 * Megabyte);
        await sender.SendAsync(4 * Megabyte);
        await AssertGivenUpAsync(sender, time);
    }

    [Fact]
    public async Task A_body_that_keeps_the_rate_is_given_up_after_the_longest_time()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await HubHost.StartAsync(
            time: time,
            settings: new Dictionary<string, string> { ["MAX_BODY_SECONDS"] = "60", ["MIN_BODY_BYTES_PER_SECOND"] = "1" }
        );
        using var sender = await BodySender.OpenAsync(hub, hub.ApiKey, 8 * Megabyte);
        await AssertGivenUpAsync(sender, time, () => sender.SendAsync(1_000));
    }

    private static async Task<int> HeldAsync(HttpClient client) =>
        (await (await client.GetAsync("/v1/key")).JsonAsync()).GetProperty("limits").GetProperty("rates")[0].GetProperty("held").GetInt32();

    private static async Task AssertGivenUpAsync(BodySender sender, ManualTimeProvider time, Func<Task>? between = null)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                await (between?.Invoke() ?? Task.CompletedTask);
                time.Advance(TimeSpan.FromSeconds(1));
                return sender.HasAnswer;
            },
            "the body is given up"
        );
        var answer = await sender.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request_timeout\"", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
    }

    private sealed class BodySender(TcpClient socket) : IDisposable
    {
        public bool HasAnswer => socket.Client.Poll(0, SelectMode.SelectRead);

        public static async Task<BodySender> OpenAsync(HubHost hub, string key, int length)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, hub.Address.Port);
            await socket
                .GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: "
                            + $"application/json\r\nContent-Length: {length}\r\n\r\n"
                    )
                );
            return new BodySender(socket);
        }

        public async Task SendAsync(int count)
        {
            try
            {
                await socket.GetStream().WriteAsync(new byte[count]).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (IOException)
            {
                // It was refused and its connection closed, which is an answer too.
            }
        }

        public async Task<string> ReadAnswerAsync()
        {
            var buffer = new byte[8_192];
            var read = await socket.GetStream().ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            return Encoding.ASCII.GetString(buffer, 0, read);
        }

        public void Dispose() => socket.Dispose();
    }
}
