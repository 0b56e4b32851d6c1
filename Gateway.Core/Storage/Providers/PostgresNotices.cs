using System.Globalization;
using Npgsql;

namespace Gateway.Core.Storage.Providers;

/// <summary>PostgreSQL's LISTEN. Names of channels belong to a database: others on the same server are not heard.</summary>
/// <param name="session">How the session that listens connects.</param>
/// <param name="others">How all others of this process connect.</param>
internal sealed class PostgresNotices(string session, string others) : ChangeNotices
{
    public const string Channel = "oneui_hub_changes";

    private static readonly TimeSpan LongestProof = TimeSpan.FromSeconds(5);

    private readonly NpgsqlConnection _session = new(session);
    private readonly Queue<string> _heard = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _session.Notification += (_, notice) => _heard.Enqueue(notice.Payload);
        await _session.OpenAsync(cancellationToken);
        await ExecuteAsync(_session, $"LISTEN {Channel}", cancellationToken);
        await ProveAsync(cancellationToken);
    }

    public override async Task<long?> NextAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_heard.TryDequeue(out var text))
            {
                if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
                {
                    return revision;
                }
            }
            if (!await _session.WaitAsync(silence, cancellationToken))
            {
                await ExecuteAsync(_session, "SELECT 1", cancellationToken);
                return null;
            }
        }
    }

    public override ValueTask DisposeAsync() => _session.DisposeAsync();

    // PgBouncer takes a LISTEN in transaction mode without a word and gives the server's session away: what is told then reaches nobody.
    // So another session says a word that nobody else says.
    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        var word = Guid.CreateVersion7().ToString();
        await using (var other = new NpgsqlConnection(others))
        {
            await other.OpenAsync(cancellationToken);
            await ExecuteAsync(other, $"SELECT pg_notify('{Channel}', '{word}')", cancellationToken);
        }
        while (!_heard.Contains(word))
        {
            if (!await _session.WaitAsync(LongestProof, cancellationToken))
            {
                throw new InvalidDataException(
                    "The database tells of changes, but not to this node: what stands between (PgBouncer with pool_mode = transaction) "
                        + "gives sessions away. Set DATABASE_LISTEN_URL to the server's own address. Until then the change log is read "
                        + "every CHANGE_POLL_MS."
                );
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)LongestProof.TotalSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
