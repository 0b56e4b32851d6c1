using Gateway.Core.Keys;

namespace Gateway.Tests.Support;

/// <summary>One gateway with the sandbox for all tests that do not need one of their own.</summary>
public sealed class SharedHub : IAsyncLifetime
{
    public HubHost Hub { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["JWT_SECRET"] = Base62.Random(48) });

    public async Task DisposeAsync() => await Hub.DisposeAsync();
}
