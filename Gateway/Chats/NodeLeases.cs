using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Journal;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>
/// Tells the other nodes that this one lives, and ends the turns of those that do not. A node is dead when its beat in the database stood
/// still for a whole lease, measured by the watcher's own clock: clocks that differ do not matter. At the start a node also knows that
/// those are dead whose journals it could lock.
/// </summary>
internal sealed class NodeLeases(
    IDbContextFactory<HubDbContext> databases,
    TurnKeeper keeper,
    TurnStore turns,
    JournalStart journals,
    ServerOptions server,
    ChatOptions options,
    TimeProvider time,
    Rounds rounds
) : PeriodicService("node_lease", rounds)
{
    private const int SignsInALease = 3;

    private readonly string _name = server.GetNodeName();
    private readonly Dictionary<string, (long Beat, long Since)> _others = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _beating = new(1);
    private long _lastBeat;

    protected override TimeSpan Interval => options.ChatNodeLease / SignsInALease;

    /// <summary>
    /// Before the first call: ends what processes left behind that are known to be gone. Of nodes elsewhere that is known a lease later.
    /// </summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        await BeatAsync(cancellationToken);
        var registered = await WatchAsync(cancellationToken);
        await keeper.RecoverAsync(
            node => node == _name || !registered.Contains(node) || journals.Replayed.Contains(JournalOf(node)),
            cancellationToken
        );
        await turns.ChargeAsync(journals.ReplayedMessages, cancellationToken);
    }

    /// <summary>
    /// Before a turn begins: gives a sign when the last one is old, so that nobody who could not hear of this node for a while takes the
    /// turn for one that a dead node left.
    /// </summary>
    public async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _lastBeat)) > options.ChatNodeLease / 2)
        {
            await BeatAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (keeper is not { OpenTurns: 0, UnstoredAnswers: 0 })
        {
            return; // the next process of this name ends them, or another node a lease later
        }
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.TrafficNodes.Where(n => n.Name == _name).ExecuteDeleteAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is OperationCanceledException || DatabaseFaults.IsAway(fault))
        {
            // A lease later it is as good as taken away.
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _beating.Dispose();
        base.Dispose();
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await BeatAsync(cancellationToken);
        var registered = await WatchAsync(cancellationToken);
        var dead = _others
            .Where(o => time.GetElapsedTime(o.Value.Since) >= options.ChatNodeLease)
            .ToDictionary(o => o.Key, o => o.Value.Beat);
        await keeper.RecoverAsync(node => node != _name && (dead.ContainsKey(node) || !registered.Contains(node)), cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var (name, beat) in dead)
        {
            await db.TrafficNodes.Where(n => n.Name == name && n.Beat == beat).ExecuteDeleteAsync(cancellationToken);
            _others.Remove(name);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        await _beating.WaitAsync(cancellationToken);
        try
        {
            var start = time.GetTimestamp();
            await GiveSignAsync(cancellationToken);
            Volatile.Write(ref _lastBeat, start);
        }
        finally
        {
            _beating.Release();
        }
    }

    private async Task GiveSignAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        var beaten = await db
            .TrafficNodes.Where(n => n.Name == _name)
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.Beat, n => n.Beat + 1).SetProperty(n => n.SeenAt, now), cancellationToken);
        if (beaten == 0)
        {
            // The ticks as its first beat: a row that was taken away and comes again is another one
            db.TrafficNodes.Add(
                new TrafficNode
                {
                    Name = _name,
                    Beat = now.Ticks,
                    SeenAt = now,
                }
            );
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    // Notes since when the beat of each other node stands still; returns the names of all.
    private async Task<HashSet<string>> WatchAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var nodes = await db.TrafficNodes.AsNoTracking().ToListAsync(cancellationToken);
        var names = nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _others.Keys.Where(n => !names.Contains(n)).ToList())
        {
            _others.Remove(gone);
        }
        foreach (var node in nodes.Where(n => n.Name != _name))
        {
            if (!_others.TryGetValue(node.Name, out var known) || known.Beat != node.Beat)
            {
                _others[node.Name] = (node.Beat, time.GetTimestamp());
            }
        }
        return names;
    }

    private string JournalOf(string node) => JournalFolder.PathOf(server.DataDirectory, node);
}
