using Gateway.Sandbox.Providers;
using Gateway.Tests.Support;

namespace Gateway.Tests.Stored;

/// <summary>The product on a database, with OpenAI alone as its upstream.</summary>
internal sealed class ProviderHub : IAsyncDisposable
{
    private ProviderHub(ProviderHost provider, HubHost hub) => (Provider, Hub) = (provider, hub);

    public ProviderHost Provider { get; }

    public HubHost Hub { get; }

    public static async Task<ProviderHub> StartAsync(
        TestDatabase database = TestDatabase.Sqlite,
        DirectoryInfo? folder = null,
        ProviderHost? provider = null,
        params (string Name, string Value)[] settings
    )
    {
        provider ??= await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var variables = ProviderHubs.EnvironmentOf("openai", provider);
        foreach (var (name, value) in settings)
        {
            variables[name] = value;
        }
        return new ProviderHub(provider, await HubHost.StartAsync(database, variables, folder: folder));
    }

    /// <summary>A client of a user of its own.</summary>
    public async Task<HttpClient> NewUserAsync() => Hub.NewClient((await Hub.AddCallerAsync()).Text);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
