using System.Collections.Concurrent;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Writes;

/// <summary>A product per database for all write routes, with an upstream that agrees to everything.</summary>
public sealed class WriteWorlds : IAsyncLifetime
{
    private readonly ConcurrentDictionary<TestDatabase, Lazy<Task<WriteWorld>>> _worlds = [];

    internal Task<WriteWorld> OnAsync(TestDatabase database) =>
        _worlds.GetOrAdd(database, d => new Lazy<Task<WriteWorld>>(() => WriteWorld.StartAsync(d))).Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var world in _worlds.Values)
        {
            await (await world.Value).DisposeAsync();
        }
    }
}
