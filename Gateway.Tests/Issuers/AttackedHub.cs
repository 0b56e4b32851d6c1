using Gateway.Tests.Support;

namespace Gateway.Tests.Issuers;

/// <summary>One issuer and one gateway for all attacks: each brings its own token.</summary>
public sealed class AttackedHub : IAsyncLifetime
{
    public TestIssuer Issuer { get; private set; } = null!;

    public HubHost Hub { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Issuer = await TestIssuer.StartAsync();
        Hub = await HubHost.StartAsync(settings: Issuer.Settings());
    }

    public async Task DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
