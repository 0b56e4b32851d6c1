using Gateway.Core.Configuration;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Gateway.Limits.Rates;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Limits.Rates;

/// <summary>
/// Several nodes with one ledger and one table of what they tell each other, on one clock. An exchange happens when the test says so.
/// </summary>
internal sealed class PlayedCluster : IWindowShares, IUsageHistory
{
    private readonly Dictionary<(string Counter, string Node), WindowShare> _table = [];
    private readonly List<(CounterKey Key, DateTime At, long Tokens)> _ledger = [];
    private readonly List<Node> _nodes = [];

    public ManualTimeProvider Time { get; } = new();

    /// <summary>Nodes that serve.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    public long WrittenThrough => Time.GetTimestamp();

    /// <summary>A node begins to serve.</summary>
    public async Task<Node> AddAsync(string name)
    {
        var node = new Node(this, name);
        _nodes.Add(node);
        await node.Exchange.JoinAsync(default);
        return node;
    }

    /// <summary>A node dies: nobody is told.</summary>
    public void Kill(Node node) => _nodes.Remove(node);

    /// <summary>A node stops in order.</summary>
    public async Task StopAsync(Node node)
    {
        _nodes.Remove(node);
        await node.Exchange.StopAsync(default);
    }

    /// <summary>Lets time pass, with an exchange of each node every tenth of a second.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(100))
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await ExchangeAsync();
        }
    }

    /// <summary>One exchange of each node that shares.</summary>
    public async Task ExchangeAsync()
    {
        foreach (var node in _nodes.Where(n => n.Exchange.IsOn).ToList())
        {
            await node.Exchange.ExchangeAsync(default);
        }
    }

    public void Record(CounterKey key, DateTime at, long tokens) => _ledger.Add((key, at, tokens));

    public Task<IReadOnlyList<WindowShare>> ExchangeAsync(
        IReadOnlyList<WindowShare> mine,
        string node,
        long after,
        CancellationToken cancellationToken
    )
    {
        foreach (var share in mine)
        {
            _table[(share.Counter, share.Node)] = Copy(share);
        }
        return Task.FromResult<IReadOnlyList<WindowShare>>([
            .. _table.Values.Where(s => s.Node != node && (s.Counter.Length == 0 || s.Round > after)).Select(Copy),
        ]);
    }

    public Task<IReadOnlyList<WindowShare>> ReadAsync(string counter) =>
        Task.FromResult<IReadOnlyList<WindowShare>>([.. _table.Values.Where(s => s.Counter == counter).Select(Copy)]);

    public async Task<bool> JoinAsync(string node, int today, CancellationToken cancellationToken)
    {
        var entry = new ChangeLogEntry { EntityType = ChangedEntities.Node, EntityId = node };
        foreach (var other in _nodes.Where(n => n.Exchange.Node != node))
        {
            await other.Exchange.ApplyAsync([entry], cancellationToken);
        }
        return _nodes.Count > 1;
    }

    public Task<PastUsage> ReadAsync(CounterKey key, DateTime dayStart, DateTime recentStart)
    {
        var calls = _ledger.Where(c => c.Key == key).ToList();
        var today = calls.Where(c => c.At >= dayStart && c.At < dayStart.AddDays(1)).ToList();
        return Task.FromResult(
            new PastUsage(
                today.Count,
                today.Sum(c => c.Tokens),
                [.. calls.Where(c => c.At >= recentStart).Select(c => new PastCalls(c.At, 1, c.Tokens))]
            )
        );
    }

    private static WindowShare Copy(WindowShare share) =>
        new()
        {
            Counter = share.Counter,
            Node = share.Node,
            Round = share.Round,
            MinuteRequests = share.MinuteRequests,
            MinuteTokens = share.MinuteTokens,
            Day = share.Day,
            DayRequests = share.DayRequests,
            DayTokens = share.DayTokens,
            Month = share.Month,
            MonthTokens = share.MonthTokens,
            InFlight = share.InFlight,
            HeldTokens = share.HeldTokens,
            WantRequests = share.WantRequests,
            WantTokens = share.WantTokens,
            UnitTokens = share.UnitTokens,
        };

    /// <summary>One process.</summary>
    internal sealed class Node
    {
        private readonly PlayedCluster _cluster;
        private readonly AdmissionController _controller;

        public Node(PlayedCluster cluster, string name)
        {
            _cluster = cluster;
            var clock = new WindowClock(cluster.Time);
            Store = new CounterStore(cluster, clock);
            _controller = new AdmissionController(Store, clock);
            Exchange = new WindowExchange(
                Store,
                clock,
                cluster,
                new ServerOptions { NodeId = name },
                cluster.Time,
                TestRounds.At(cluster.Time),
                NullLogger<WindowExchange>.Instance
            );
        }

        public CounterStore Store { get; }

        public WindowExchange Exchange { get; }

        /// <summary>Asks for a call; a lease when it is in.</summary>
        public AdmissionLease? Ask(RateLimit limit, long tokens = 1)
        {
            var asked = _controller.AdmitAsync([limit], "u1", TokenEstimate.Exactly(tokens), default);
            return (asked.IsCompleted ? asked.Result : asked.AsTask().GetAwaiter().GetResult()).Lease;
        }

        /// <summary>Asks for a call that ends at once.</summary>
        public bool Call(RateLimit limit, long tokens = 1)
        {
            if (Ask(limit, tokens) is not { } lease)
            {
                return false;
            }
            lease.Release(LeaseEnd.Answered(tokens));
            _cluster.Record(CounterKey.Of(limit, "u1"), lease.AdmittedAt, tokens);
            return true;
        }
    }
}
