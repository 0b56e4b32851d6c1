using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Answers;

/// <summary>Clients that do not read, and clients that leave while they send.</summary>
public sealed class DifficultClientTests
{
    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off_and_charged_as_far_as_it_came()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["MIN_ANSWER_BYTES_PER_SECOND"] = "1048576" }
        );
        using var socket = await CallAsync(hub, InferenceCalls.Stream("sandbox-endless"));
        var call = await Eventually.NotNullAsync(() =>
            Task.FromResult(hub.Sandbox!.Ledger.Calls().SingleOrDefault(c => c.EndedAt is not null))
        );
        Assert.Equal(SandboxOutcome.ClientLeft, call.Outcome);
        var record = await hub.RecordAsync(call.CallId);
        Assert.Equal(("client_left", "estimated"), (record.Outcome, record.UsageSource));
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task A_client_that_leaves_before_its_body_is_read_leaves_no_trace()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, hub.Address.Port);
            await socket
                .GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {caller.Text}\r\nContent-Type: "
                            + $"application/json\r\nContent-Length: 1000\r\n\r\n{{\"mo"
                    )
                );
        }
        using var client = hub.NewClient(caller.Text);
        var limits = await client.AtRestAsync();
        Assert.Equal((0L, 0L), (limits.Budgets.Single().Used, limits.Budgets.Single().Held));
        await hub.RecordAsync(await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal((1, 1), (await db.UsageRecords.CountAsync(), hub.Sandbox!.Ledger.Count));
    }

    private static async Task<TcpClient> CallAsync(HubHost hub, string body)
    {
        var socket = new TcpClient { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(IPAddress.Loopback, hub.Address.Port);
        await socket
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {hub.ApiKey}\r\nContent-Type: "
                        + $"application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
                )
            );
        return socket;
    }
}
