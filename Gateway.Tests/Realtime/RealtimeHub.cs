using System.Net;
using System.Net.WebSockets;
using Gateway.Core.Storage.Entities;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Realtime;

/// <summary>The product with OpenAI alone as its upstream, and sessions with it.</summary>
internal sealed class RealtimeHub : IAsyncDisposable
{
    public const string Model = "gpt-realtime";

    private RealtimeHub(ProviderHost provider, HubHost hub) => (Provider, Hub) = (provider, hub);

    public ProviderHost Provider { get; }

    public HubHost Hub { get; }

    public static async Task<RealtimeHub> StartAsync(TimeProvider? time = null, params (string Name, string Value)[] settings)
    {
        var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var variables = ProviderHubs.EnvironmentOf("openai", provider);
        foreach (var (name, value) in settings)
        {
            variables[name] = value;
        }
        return new RealtimeHub(provider, await HubHost.StartAsync(settings: variables, time: time));
    }

    /// <summary>Opens a session.</summary>
    public Task<RealtimeClient> OpenAsync(string? key = null, string model = Model, bool byProtocol = false) =>
        OpenAsync(Hub.Address, key ?? Hub.ApiKey, model, byProtocol);

    /// <summary>Opens a session with a gateway that runs anywhere.</summary>
    public static async Task<RealtimeClient> OpenAsync(Uri gateway, string key, string model = Model, bool byProtocol = false)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (byProtocol)
        {
            socket.Options.AddSubProtocol("realtime");
            socket.Options.AddSubProtocol("openai-insecure-api-key." + key);
        }
        else
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        }
        await socket.ConnectAsync(AddressOf(gateway, model), CancellationToken.None);
        var client = new RealtimeClient(socket);
        await client.UntilAsync("session.created");
        return client;
    }

    /// <summary>Asks for a session that is refused.</summary>
    public async Task<ErrorView> RefusedAsync(string? key, string path = "/v1/realtime?model=" + Model, bool upgrades = true)
    {
        using var client = Hub.NewClient(key);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (upgrades)
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
            request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
            request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        }
        using var answer = await client.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.SwitchingProtocols, answer.StatusCode);
        return await answer.ErrorAsync();
    }

    /// <summary>The entries of a session's parts, the oldest first, once there are so many.</summary>
    public async Task<IReadOnlyList<UsageRecord>> PartsAsync(RealtimeClient client, int count)
    {
        List<UsageRecord> found = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await using var db = await Hub.Databases.CreateDbContextAsync();
                found = await db
                    .UsageRecords.AsNoTracking()
                    .Where(r => r.ClientRequestId == client.SessionId)
                    .OrderBy(r => r.AdmittedAt) // ids of one millisecond have no order
                    .ToListAsync();
                return found.Count >= count;
            },
            $"{count} parts of the session are in the ledger"
        );
        Assert.Equal(count, found.Count);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private static Uri AddressOf(Uri gateway, string model) =>
        new UriBuilder(new Uri(gateway, "/v1/realtime")) { Scheme = "ws", Query = "model=" + Uri.EscapeDataString(model) }.Uri;
}
