using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.Upstream;

/// <summary>
/// Hands the upstreams in force to YARP, and again whenever the policy has others. It hears of changes after the policy has: registered
/// after it.
/// </summary>
internal sealed partial class UpstreamConfig(PolicySource policy, UpstreamOptions options, ILogger<UpstreamConfig> logger)
    : IProxyConfigProvider,
        IChangeConsumer,
        IConfigChangeListener,
        IDisposable
{
    // YARP takes a configuration over in the background, at once.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private IReadOnlyList<PolicyUpstream> _upstreams = [];
    private Config _current = new(UpstreamRoutes.ClusterOf([], options));

    /// <inheritdoc/>
    public IProxyConfig GetConfig() => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public Task ResetAsync(CancellationToken cancellationToken) => FollowAsync(cancellationToken);

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) => FollowAsync(cancellationToken);

    /// <inheritdoc/>
    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        foreach (var config in proxyConfigs.OfType<Config>())
        {
            config.SetApplied();
        }
    }

    /// <inheritdoc/>
    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        Log.NotApplied(logger, exception);

    /// <inheritdoc/>
    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs) { }

    /// <inheritdoc/>
    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => Log.NotApplied(logger, exception);

    /// <inheritdoc/>
    public void Dispose() => _current.Dispose();

    // A snapshot of the policy is another list each time; YARP hears of it only when the destinations are others.
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var upstreams = policy.Current.Upstreams;
        if (ReferenceEquals(upstreams, _upstreams))
        {
            return;
        }
        _upstreams = upstreams;
        var next = new Config(UpstreamRoutes.ClusterOf(upstreams, options));
        if (next.Clusters[0].Equals(_current.Clusters[0]))
        {
            next.Dispose();
            return;
        }
        var before = _current;
        Volatile.Write(ref _current, next);
        before.SignalChange();
        await Task.WhenAny(next.Applied, Task.Delay(Patience, cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The proxy did not take over the upstreams; calls go where they went before.")]
        public static partial void NotApplied(ILogger logger, Exception fault);
    }

    private sealed class Config(ClusterConfig cluster) : IProxyConfig, IDisposable
    {
        private readonly CancellationTokenSource _changed = new();
        private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<RouteConfig> Routes => UpstreamRoutes.All;

        public IReadOnlyList<ClusterConfig> Clusters { get; } = [cluster];

        public IChangeToken ChangeToken => new CancellationChangeToken(_changed.Token);

        public Task Applied => _applied.Task;

        public void SetApplied() => _applied.TrySetResult();

        public void SignalChange() => _changed.Cancel();

        public void Dispose() => _changed.Dispose();
    }
}
