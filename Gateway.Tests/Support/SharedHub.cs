using Gateway.Core.Keys;

namespace Gateway.Tests.Support;

/// <summary>One gateway with the sandbox for all tests that do not need one of their own.</summary>
public sealed class SharedHub : IAsyncLifetime
{
    public HubHost Hub { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["JWT_SECRET"] = Base62.Random(48),
                ["BACKGROUND_POLL_SECONDS"] = "3600", // how a response goes on is what the test's client asked last
            }
        );

    public async Task DisposeAsync() => await Hub.DisposeAsync();
}
