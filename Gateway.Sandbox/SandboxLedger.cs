using Gateway.Sandbox.Ledger;

namespace Gateway.Sandbox;

/// <summary>
/// The book of what the sandbox gave out, kept apart from anything the gateway counts. Safe for many threads; bounded: the oldest
/// calls are dropped, and counted. A call is closed in the book before its last bytes leave, so a caller who has the whole answer finds it
/// here.
/// </summary>
public sealed class SandboxLedger
{
    private readonly Lock _gate = new();
    private readonly Queue<SandboxLedgerEntry> _entries = new();
    private readonly Queue<SandboxLedgerEntry> _withBodies = new();
    private readonly int _capacity;
    private readonly int _bodyCapacity;
    private long _sequence;
    private int _open;
    private TaskCompletionSource? _changed;

    internal SandboxLedger(int capacity, int bodyCapacity)
    {
        _capacity = Math.Max(1, capacity);
        _bodyCapacity = bodyCapacity;
    }

    /// <summary>Calls that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Calls that had to go because the ledger was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>The kept calls that fit, oldest first.</summary>
    public IReadOnlyList<SandboxCall> Calls(SandboxLedgerFilter? filter = null)
    {
        lock (_gate)
        {
            return [.. _entries.Where(entry => filter is null || filter.Fits(entry)).Select(entry => entry.Snapshot())];
        }
    }

    /// <summary>The newest call with this call id, or null.</summary>
    public SandboxCall? Find(string callId) => Calls(new SandboxLedgerFilter { CallId = callId }).LastOrDefault();

    /// <summary>Sums over the kept calls that fit.</summary>
    public SandboxTotals Totals(SandboxLedgerFilter? filter = null)
    {
        lock (_gate)
        {
            return _entries
                .Where(entry => filter is null || filter.Fits(entry))
                .Aggregate(default(SandboxTotals), (sum, entry) => entry.AddTo(sum));
        }
    }

    /// <summary>Completes when no call is open. A caller that left is noticed by the server a moment later; wait for it here.</summary>
    public Task WaitForIdleAsync(CancellationToken ct = default) => WaitUntilAsync(() => _open == 0, ct);

    /// <summary>Completes when the call with this <see cref="SandboxCall.Sequence"/> has arrived.</summary>
    public Task WaitForArrivalAsync(long sequence, CancellationToken ct = default) => WaitUntilAsync(() => _sequence >= sequence, ct);

    /// <summary>Forgets every call; sequence numbers go on. Calls still open end without being booked.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _withBodies.Clear();
            Dropped = 0;
        }
    }

    internal void Open(SandboxLedgerEntry entry)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            entry.Sequence = ++_sequence;
            _open++;
            _entries.Enqueue(entry);
            if (_entries.Count > _capacity)
            {
                _entries.Dequeue();
                Dropped++;
            }
            if (entry.Received is not null)
            {
                KeepBody(entry);
            }
            (changed, _changed) = (_changed, null);
        }
        changed?.SetResult();
    }

    /// <summary>Books the end of a call. Only the first end counts.</summary>
    internal void Close(SandboxLedgerEntry entry, in LedgerEnd end)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            if (!entry.TryClose(end))
            {
                return;
            }
            _open--;
            (changed, _changed) = (_changed, null);
        }
        changed?.SetResult();
    }

    private void KeepBody(SandboxLedgerEntry entry)
    {
        _withBodies.Enqueue(entry);
        if (_withBodies.Count > _bodyCapacity)
        {
            _withBodies.Dequeue().Received = null;
        }
    }

    private async Task WaitUntilAsync(Func<bool> holds, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (holds())
                {
                    return;
                }
                _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }
            await changed.WaitAsync(ct);
        }
    }
}
