using Gateway.Core.Policy;

namespace Gateway.Hosting;

/// <summary>Follows the change log while the process runs.</summary>
internal sealed class ChangeFeedService(ChangeFeed feed) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => feed.RunAsync(stoppingToken);
}
