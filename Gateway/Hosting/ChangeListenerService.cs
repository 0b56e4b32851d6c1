using Gateway.Core.Background;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Providers;
using Gateway.Telemetry;

namespace Gateway.Hosting;

/// <summary>
/// Hears of changes as they are committed, where the database tells of them, and reads the change log then. A round is the life of one
/// session. While there is none, and where the database tells nobody, <see cref="ChangeFeedService"/> finds changes by looking.
/// </summary>
internal sealed class ChangeListenerService(StoreProvider store, ChangeFeed feed, TimeProvider time, Rounds rounds)
    : PeriodicService("change_listener", rounds),
        IGauges
{
    // A connection that was cut without a word is found after such a silence.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Pauses _pauses = new(FirstPause, LongestPause);
    private TimeSpan _pause = FirstPause;
    private long _deafSince = time.GetTimestamp();
    private volatile bool _listens;

    /// <summary>Whether changes are told to this node at this moment.</summary>
    public bool Listens => _listens;

    protected override TimeSpan Interval => store.TellsChanges ? _pause : TimeSpan.Zero;

    protected override bool RunsAtStart => true;

    /// <inheritdoc />
    public void Show(GatewayMetrics metrics) =>
        metrics.Meter.CreateObservableGauge(
            "oneui_policy_deaf",
            () => !store.TellsChanges || _listens ? 0 : time.GetElapsedTime(Volatile.Read(ref _deafSince)).TotalSeconds,
            "s",
            "How long changes have not been told to this node, which finds them by looking; "
                + "0: they are told, or the database tells nobody."
        );

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var notices = store.OpenNotices();
        try
        {
            await notices.StartAsync(cancellationToken);
            _listens = true;
            _pauses.Reset();
            await CatchUpAsync(cancellationToken); // what was committed while nobody listened
            while (true)
            {
                if (await notices.NextAsync(Silence, cancellationToken) > feed.Revision)
                {
                    await CatchUpAsync(cancellationToken);
                }
            }
        }
        finally
        {
            if (_listens)
            {
                Volatile.Write(ref _deafSince, time.GetTimestamp());
            }
            _listens = false;
            _pause = _pauses.Next();
        }
    }

    // A database that tells and cannot be read is the business of those who look.
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await feed.CatchUpAsync(cancellationToken);
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault)) { }
    }
}
