namespace Gateway.Tests.Replay;

/// <summary>A few of each kind on the other database.</summary>
public sealed class PostgresReplayTests(PostgresReplayHub replay) : IClassFixture<PostgresReplayHub>
{
    [Fact]
    public async Task Recorded_answers_are_charged_exactly_on_PostgreSQL()
    {
        foreach (
            var name in new[]
            {
                "chat-plain",
                "chat-stream-usage",
                "chat-nousage",
                "chat-stream-nullid",
                "cost-claude-cache-full",
                "cost-audio-full-stream",
                "embeddings-plain",
                "completions-stream-usage",
                "fault-sseerror-429-stream",
                "fault-empty-stream",
                "upstream-429",
                "keys-budget-exceeded",
                "opt-stream-not-asked",
                "disconnect-stream",
                "1.81.13/fault-drop-stream",
            }
        )
        {
            await ReplayTests.CheckAsync(replay, RecordedExchange.Load(name));
        }
    }
}
