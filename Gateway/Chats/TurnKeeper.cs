using System.Collections.Concurrent;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Chats;

/// <summary>
/// Keeps the turns of this node: writes down now and then what came of their answers, so that it is there when the node dies, and stores
/// what the database would not take at once.
/// </summary>
internal sealed partial class TurnKeeper(TurnStore turns, ChatOptions options, TimeProvider time, ILogger<TurnKeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (Turn Turn, string Saved)> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (Turn Turn, Func<Task<ChatMessage?>> Work)> _unstored = new(StringComparer.Ordinal);

    /// <summary>Answers that are being made on this node.</summary>
    public int OpenTurns => _open.Count;

    /// <summary>Answers that are made and that the database has not taken yet.</summary>
    public int UnstoredAnswers => _unstored.Count;

    /// <summary>A turn has begun.</summary>
    public void Watch(Turn turn) => _open[turn.CallId] = (turn, "");

    /// <summary>A turn has ended.</summary>
    public void Forget(Turn turn) => _open.TryRemove(turn.CallId, out _);

    /// <summary>The end of a turn could not be stored: it is tried until it can.</summary>
    public void Finish(Turn turn, Func<Task<ChatMessage?>> work)
    {
        _unstored[turn.CallId] = (turn, work);
        Forget(turn);
    }

    /// <summary>
    /// Ends the turns of nodes that run no more. Their calls stand in the ledger by now, unless their journals are on another machine: then
    /// <see cref="TurnStore.ChargeAsync"/> comes later.
    /// </summary>
    /// <param name="isDead">Whether a node runs no more, by its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RecoverAsync(Func<string, bool> isDead, CancellationToken cancellationToken)
    {
        var count = await turns.RecoverAsync(isDead, cancellationToken);
        if (count > 0)
        {
            Log.Recovered(logger, count);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.ChatDraftInterval > TimeSpan.Zero ? options.ChatDraftInterval : RetryInterval;
        using var timer = new PeriodicTimer(interval < RetryInterval ? interval : RetryInterval, time);
        var nextDraft = time.GetUtcNow() + interval;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await StoreLeftAsync();
            if (options.ChatDraftInterval > TimeSpan.Zero && time.GetUtcNow() >= nextDraft)
            {
                nextDraft = time.GetUtcNow() + interval;
                await SaveDraftsAsync(stoppingToken);
            }
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StoreLeftAsync();
    }

    private async Task StoreLeftAsync()
    {
        foreach (var (id, (_, work)) in _unstored)
        {
            try
            {
                await work();
                _unstored.TryRemove(id, out _);
            }
            catch (Exception fault)
            {
                Log.NotStored(logger, id, fault.Message);
                return; // the database is away, or will not have it: the next round tries again
            }
        }
    }

    private async Task SaveDraftsAsync(CancellationToken cancellationToken)
    {
        var changed = _open.Values.Where(o => o.Turn.Draft.Length > o.Saved.Length).Select(o => o.Turn).ToList();
        if (changed.Count == 0)
        {
            return;
        }
        try
        {
            await turns.SaveDraftsAsync(changed, cancellationToken);
            foreach (var turn in changed)
            {
                if (_open.TryGetValue(turn.CallId, out var open))
                {
                    _open.TryUpdate(turn.CallId, (turn, turn.Draft), open);
                }
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Log.NoDrafts(logger, fault.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Count} answers were being made when a process ended: what came of them was stored as incomplete."
        )]
        public static partial void Recovered(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The answer of call {CallId} is not stored yet: {Reason}")]
        public static partial void NotStored(ILogger logger, string callId, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Drafts of answers could not be written down: {Reason}")]
        public static partial void NoDrafts(ILogger logger, string reason);
    }
}
