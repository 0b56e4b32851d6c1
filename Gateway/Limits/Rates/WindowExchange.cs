using System.Diagnostics.Metrics;
using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Telemetry;
using static Gateway.Telemetry.GatewayMetrics;

namespace Gateway.Limits.Rates;

/// <summary>
/// Shares windows with other nodes: about once a second, and soon where a part runs out, this node tells what it counted and hears the
/// others. Never on the way of a call. A node that is alone tells nobody and asks nothing: another one that starts says so in the change
/// log, which each node reads anyway.
/// </summary>
internal sealed partial class WindowExchange : PeriodicService, IChangeConsumer, IWindowSharing, IGauges
{
    /// <summary>How often nodes tell each other.</summary>
    public static readonly TimeSpan Usually = TimeSpan.FromSeconds(1);

    // How soon where a part runs out.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    // A node that gives no sign for so long takes no part; its calls in flight count as ended.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // And after so long, counted from its last sign, nothing of it is in a window of a minute any more.
    private static readonly TimeSpan LastMinute = TimeSpan.FromSeconds(MinuteWindow.Length);

    // After so long without another one, a node is alone.
    private static readonly TimeSpan Loneliness = TimeSpan.FromSeconds(60);

    private readonly CounterStore _store;
    private readonly WindowClock _clock;
    private readonly IWindowShares _shares;
    private readonly TimeProvider _time;
    private readonly ILogger<WindowExchange> _logger;
    private readonly SharingDesk _desk = new();
    private readonly Lock _switch = new();
    private readonly Dictionary<string, OtherNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<ScopeCounters> _new = []; // told of, and not yet known to all
    private volatile Dictionary<string, bool> _gone = []; // and whether their last minute is over; replaced whole
    private volatile bool _isOn;
    private volatile int _alive;
    private long _last;
    private long _heardAnybody;
    private long _spoken = long.MinValue;
    private long _round;
    private long _told;
    private long _heard;

    public WindowExchange(
        CounterStore store,
        WindowClock clock,
        IWindowShares shares,
        ServerOptions server,
        TimeProvider time,
        Rounds rounds,
        ILogger<WindowExchange> logger
    )
        : base("window_exchange", rounds)
    {
        (_store, _clock, _shares, _time, _logger) = (store, clock, shares, time, logger);
        Node = $"{server.GetNodeName()}/{Guid.CreateVersion7():N}";
        store.Sharing = this;
    }

    /// <inheritdoc />
    public string Node { get; }

    /// <inheritdoc />
    public bool IsOn => _isOn;

    /// <summary>Nodes that serve, this one too.</summary>
    public int Nodes => 1 + _alive;

    protected override TimeSpan Interval => _isOn ? Soon : Usually;

    /// <summary>Before the first call: tells other nodes, if there are any.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        if (await _shares.JoinAsync(Node, _clock.Now().Day, cancellationToken))
        {
            Start();
        }
    }

    /// <inheritdoc />
    public Task ResetAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken)
    {
        if (changes.Any(c => c.EntityType == ChangedEntities.Node && c.EntityId != Node))
        {
            Start();
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<WindowShare>> ReadAsync(CounterKey key) => _shares.ReadAsync(key.ToText());

    /// <inheritdoc />
    public void Share(ScopeCounters counters, IReadOnlyList<WindowShare> told)
    {
        counters.Share(_desk, told.Where(t => t.Node != Node));
        Settle(counters.Shared!, _clock.Now());
    }

    /// <summary>Tells and hears once.</summary>
    public Task ExchangeAsync(CancellationToken cancellationToken) => ExchangeAsync(isLast: false, cancellationToken);

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_isOn)
        {
            try
            {
                await ExchangeAsync(isLast: true, cancellationToken);
            }
            catch (Exception fault)
            {
                Log.LeftSilently(_logger, fault); // others find out by themselves
            }
        }
    }

    /// <inheritdoc />
    public void Show(GatewayMetrics metrics)
    {
        metrics.Meter.CreateObservableGauge(
            "oneui_nodes",
            () => Nodes,
            "{node}",
            "Nodes that share windows, this one too; 1: it is alone."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_window_parts",
            () => _isOn ? _store.Count : 0,
            "{counter}",
            "Counters of which this node has a part and others may have one."
        );
        metrics.Meter.CreateObservableCounter<long>(
            "oneui_window_exchanges",
            () =>
                new Measurement<long>[]
                {
                    new(Interlocked.Read(ref _told), Tag("direction", "told")),
                    new(Interlocked.Read(ref _heard), Tag("direction", "heard")),
                },
            "{counter}",
            "Counters that this node told the others of, and heard of from them."
        );
        metrics.Meter.CreateObservableCounter(
            "oneui_window_part_refusals",
            () => _desk.OutOfPart,
            "{call}",
            "Calls that were refused although their limit had room: it was the part of another node."
        );
    }

    protected override Task RunAsync(CancellationToken cancellationToken)
    {
        if (!_isOn)
        {
            return Task.CompletedTask;
        }
        var isDue = _time.GetElapsedTime(_last) >= Usually;
        return _desk.TakeHurry() || isDue ? ExchangeAsync(isLast: false, cancellationToken) : Task.CompletedTask;
    }

    private void Start()
    {
        lock (_switch)
        {
            _heardAnybody = _time.GetTimestamp();
            if (_isOn)
            {
                return;
            }
            _isOn = true;
            _store.ForEach(counters =>
            {
                if (counters.IsReady)
                {
                    Share(counters, []);
                }
            });
            Log.Started(_logger);
        }
    }

    private void Stop()
    {
        lock (_switch)
        {
            _isOn = false;
            _nodes.Clear();
            _gone = [];
            _new.Clear();
            _alive = 0;
            _store.ForEach(counters => counters.Unshare(_clock.Now()));
            _desk.Clear();
            Log.Stopped(_logger);
        }
    }

    private async Task ExchangeAsync(bool isLast, CancellationToken cancellationToken)
    {
        _last = _time.GetTimestamp();
        var now = _clock.Now();
        var told = Look(now);
        _round = Math.Max(_round + 1, _time.GetUtcNow().ToUnixTimeMilliseconds());
        List<WindowShare> mine = [SignOfLife(now, isLast), .. told.Select(t => t.Share)];
        mine.ForEach(share => share.Round = _round);
        IReadOnlyList<WindowShare> heard;
        try
        {
            heard = await _shares.ExchangeAsync(mine, Node, HeardOfAll(), cancellationToken);
        }
        catch
        {
            told.ForEach(t => Touch(t.Counters)); // they are told the next time
            throw;
        }
        Interlocked.Add(ref _told, told.Count);
        var isChanged = HearNodes(heard);
        var affected = told.Select(t => t.Counters).ToHashSet();
        told.ForEach(t => HasTold(t.Counters, t.Share, now.Second));
        affected.UnionWith(_new);
        Hear(heard, affected);
        if (isChanged)
        {
            _store.ForEach(counters => affected.Add(counters));
        }
        Settle(affected);
        if (_alive > 0)
        {
            _heardAnybody = _time.GetTimestamp();
        }
        else if (_time.GetElapsedTime(_heardAnybody) > Loneliness)
        {
            Stop();
        }
    }

    private List<(ScopeCounters Counters, WindowShare Share)> Look(WindowInstant now)
    {
        List<(ScopeCounters, WindowShare)> told = [];
        foreach (var counters in _desk.Take())
        {
            lock (counters)
            {
                if (counters.IsReady && counters.Shared is { } shared)
                {
                    counters.Advance(now);
                    if (shared.Look(Node, Nodes, now) is { } share)
                    {
                        told.Add((counters, share));
                    }
                }
            }
        }
        return told;
    }

    private static void Touch(ScopeCounters counters)
    {
        lock (counters)
        {
            counters.Shared?.Touch();
        }
    }

    private void HasTold(ScopeCounters counters, WindowShare share, int second)
    {
        lock (counters)
        {
            if (counters.Shared is { } shared)
            {
                shared.HasTold(share, second, _time.GetTimestamp());
                if (!shared.IsKnown)
                {
                    _new.Add(counters);
                }
            }
        }
    }

    private WindowShare SignOfLife(in WindowInstant now, bool isLast) =>
        new()
        {
            Counter = "",
            Node = Node,
            Day = now.Day,
            WantRequests = isLast ? WindowShare.Left : 0,
        };

    // The least of what was heard of each node that serves: less is heard twice, which does no harm.
    private long HeardOfAll() => _nodes.Values.Where(n => n.IsAlive).Select(n => n.Heard).DefaultIfEmpty(long.MaxValue).Min();

    // Returns whether a node came or went.
    private bool HearNodes(IReadOnlyList<WindowShare> heard)
    {
        var before = _nodes.Where(n => n.Value.IsAlive).Select(n => n.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var sign in heard.Where(h => h.Counter.Length == 0))
        {
            if (!_nodes.TryGetValue(sign.Node, out var node))
            {
                _nodes[sign.Node] = node = new OtherNode();
            }
            if (sign.Round > node.Sign)
            {
                (node.Sign, node.Since, node.HasLeft) = (sign.Round, _time.GetTimestamp(), sign.WantRequests == WindowShare.Left);
            }
        }
        foreach (var node in _nodes.Values)
        {
            node.IsAlive = !node.HasLeft && _time.GetElapsedTime(node.Since) < Patience;
        }
        _alive = _nodes.Values.Count(n => n.IsAlive);
        Volatile.Write(ref _spoken, _nodes.Values.Where(n => n.IsAlive).Select(n => n.Since).DefaultIfEmpty(long.MaxValue).Min());
        var gone = _nodes
            .Where(n => !n.Value.IsAlive)
            .ToDictionary(n => n.Key, n => _time.GetElapsedTime(n.Value.Since) > LastMinute, StringComparer.Ordinal);
        var isChanged = gone.Count != _gone.Count || gone.Except(_gone).Any();
        _gone = gone;
        return isChanged || !before.SetEquals(_nodes.Where(n => n.Value.IsAlive).Select(n => n.Key));
    }

    private void Hear(IReadOnlyList<WindowShare> heard, HashSet<ScopeCounters> affected)
    {
        foreach (var share in heard.Where(h => h.Counter.Length > 0))
        {
            if (!_nodes.TryGetValue(share.Node, out var node) || share.Round <= node.Heard)
            {
                continue;
            }
            Interlocked.Increment(ref _heard);
            if (_store.Find(CounterKey.Parse(share.Counter)) is { } counters)
            {
                lock (counters)
                {
                    counters.Shared?.Hear(share);
                }
                affected.Add(counters);
            }
        }
        foreach (var node in _nodes.Values)
        {
            node.Heard = Math.Max(node.Heard, node.Sign);
        }
    }

    private void Settle(HashSet<ScopeCounters> affected)
    {
        var now = _clock.Now();
        foreach (var counters in affected)
        {
            lock (counters)
            {
                if (counters.Shared is { } shared)
                {
                    counters.Advance(now);
                    Settle(shared, now);
                }
                if (counters.Shared?.IsKnown != false)
                {
                    _new.Remove(counters);
                }
            }
        }
    }

    private void Settle(SharedWindows shared, in WindowInstant now)
    {
        foreach (var (node, isMinuteOver) in _gone)
        {
            shared.Lose(node, isMinuteOver);
        }
        shared.Settle(Node, Nodes, Volatile.Read(ref _spoken), IsAlive, now);
    }

    // Who was not heard of yet may live.
    private bool IsAlive(string node) => !_gone.ContainsKey(node);

    // Used by the exchange alone.
    private sealed class OtherNode
    {
        public long Sign { get; set; } = -1;

        public long Heard { get; set; } = -1;

        public long Since { get; set; }

        public bool HasLeft { get; set; }

        public bool IsAlive { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Another node serves on this database: windows are shared with it.")]
        public static partial void Started(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "No other node serves any more: windows are this node's own.")]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Other nodes could not be told what this one counted before it stopped.")]
        public static partial void LeftSilently(ILogger logger, Exception fault);
    }
}
