using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Support;

/// <summary>
/// One running product per database, shared by the tests that bring their own people. Tests that change what all see start their own.
/// </summary>
public sealed class AdminHubs : IAsyncLifetime
{
    private readonly Dictionary<TestDatabase, Lazy<Task<AdminHub>>> _hubs = TestDatabases.All.ToDictionary(
        d => d,
        d => new Lazy<Task<AdminHub>>(() => AdminHub.StartAsync(d))
    );

    public Task<AdminHub> OnAsync(TestDatabase database) => _hubs[database].Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var hub in _hubs.Values.Where(h => h.IsValueCreated))
        {
            await (await hub.Value).DisposeAsync();
        }
    }
}
