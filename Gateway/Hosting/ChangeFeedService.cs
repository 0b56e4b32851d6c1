using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;

namespace Gateway.Hosting;

/// <summary>Follows the change log. While the database is away, what is in force stays so.</summary>
internal sealed class ChangeFeedService(ChangeFeed feed, DatabaseOptions options, Rounds rounds) : PeriodicService("change_feed", rounds)
{
    protected override TimeSpan Interval => options.ChangePollInterval;

    protected override Task RunAsync(CancellationToken cancellationToken) => feed.CatchUpAsync(cancellationToken);
}
