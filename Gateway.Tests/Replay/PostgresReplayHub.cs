using Gateway.Tests.Support;

namespace Gateway.Tests.Replay;

/// <summary>The same on PostgreSQL.</summary>
public sealed class PostgresReplayHub : ReplayHub
{
    protected override TestDatabase Database => TestDatabase.Postgres;
}
