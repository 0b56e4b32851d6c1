using Npgsql;

namespace Gateway.Tests.Support;

/// <summary>
/// The connection that holds a node's lock on the database breaks again and again, until this is disposed of: so a second node can start
/// beside it. Only budgets need the lock.
/// </summary>
internal sealed class BrokenTrafficLock : IAsyncDisposable
{
    private const string Break =
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        + "WHERE l.locktype = 'advisory' AND d.datname = current_database()";

    private readonly CancellationTokenSource _end = new();
    private readonly Task _breaking;

    /// <param name="url">The database's URL, of the server itself.</param>
    public BrokenTrafficLock(string url) => _breaking = BreakAsync(url);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _breaking;
        _end.Dispose();
    }

    private async Task BreakAsync(string url)
    {
        await using var connection = new NpgsqlConnection(TestStore.ConnectionStringOf(url));
        await connection.OpenAsync();
        while (!_end.IsCancellationRequested)
        {
            await using var command = new NpgsqlCommand(Break, connection);
            await command.ExecuteNonQueryAsync();
            await Task.Delay(20);
        }
    }
}
