using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Journal;

/// <summary>
/// What a process that is gone left in its journal. Read <see cref="SettledCalls"/> to the end and write them, then
/// <see cref="OpenHolds"/>; both only where the ledger has no row of that id yet, so that a replay that is itself cut off is simply done
/// again. Then <see cref="Discard"/>. Memory grows with the calls that were in flight at one time, not with the journal.
/// </summary>
public sealed class JournalReplay
{
    private readonly string _folder;
    private readonly IReadOnlyList<SegmentFile> _files;
    private readonly Dictionary<Guid, HoldRecord> _open = [];

    // Copies whose original is not open: it went with its segment, or the call had ended
    private readonly Dictionary<Guid, HoldRecord> _doubtful = [];
    private readonly Dictionary<Guid, long> _bounds = []; // extensions whose hold has not come yet: it was moved further on
    private bool _isRead;

    private JournalReplay(string folder)
    {
        _folder = folder;
        _files = SegmentFile.List(folder);
    }

    /// <summary>
    /// Holds without an end, once all ended calls were read: these calls were in flight. The bound is the last one that was held.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="SettledCalls"/> was not read to its end.</exception>
    public IReadOnlyCollection<HoldRecord> OpenHolds => _isRead ? _open.Values : throw NotRead();

    /// <summary>What was found so far.</summary>
    public ReplayReport Report { get; private set; } = new(0, 0, 0, 0, 0, []);

    /// <summary>Looks at the segments that are in a folder now; before a <see cref="CallJournal"/> is opened in it.</summary>
    /// <exception cref="InvalidOperationException">A journal is in use there: its records are not the past.</exception>
    public static JournalReplay Read(JournalFolder folder) =>
        folder.IsInUse
            ? throw new InvalidOperationException($"A journal is in use in '{folder.Path}': replay before it is opened.")
            : new JournalReplay(folder.Path);

    /// <summary>
    /// The rows of ended calls that are not confirmed, in the order in which they were settled. Damaged records are set aside on the way.
    /// </summary>
    /// <exception cref="JournalException">A segment cannot be read, or damaged records cannot be set aside.</exception>
    public IEnumerable<UsageRecord> SettledCalls()
    {
        foreach (var (record, isConfirmed) in Records(isReported: true))
        {
            switch (record.Kind)
            {
                case RecordKind.Hold when !isConfirmed:
                    Open(record);
                    break;
                case RecordKind.Extend when !isConfirmed:
                    Extend(record);
                    break;
                case RecordKind.Settle or RecordKind.Release:
                    Close(record);
                    break;
            }
            if (record.Kind == RecordKind.Settle && !isConfirmed)
            {
                yield return record.Usage!;
            }
        }
        ResolveDoubts();
        _isRead = true;
    }

    /// <summary>Deletes the segments that were read. What was set aside stays.</summary>
    /// <exception cref="InvalidOperationException"><see cref="SettledCalls"/> was not read to its end.</exception>
    public void Discard()
    {
        if (!_isRead)
        {
            throw NotRead();
        }
        foreach (var file in _files)
        {
            SegmentFile.TryDelete(file.Path);
        }
    }

    private static InvalidOperationException NotRead() => new("The ended calls have not been read to the end.");

    private void Open(in JournalRecord record)
    {
        var hold = record.Hold;
        if (_bounds.Remove(record.CallId, out var bound))
        {
            hold = hold with { BoundNanoUsd = Math.Max(hold.BoundNanoUsd, bound) };
        }
        var holds = record.IsCopy && !_open.ContainsKey(record.CallId) ? _doubtful : _open;
        holds[record.CallId] = holds.TryGetValue(record.CallId, out var known) ? Latest(known, hold) : hold;
    }

    // Two attempts of one call settle once: never for less than either holds.
    private static HoldRecord Latest(in HoldRecord known, in HoldRecord next) =>
        (known.Attempt > next.Attempt ? known : next) with
        {
            BoundNanoUsd = Math.Max(known.BoundNanoUsd, next.BoundNanoUsd),
        };

    private void Extend(in JournalRecord record)
    {
        var holds = _open.ContainsKey(record.CallId) ? _open : _doubtful;
        if (holds.TryGetValue(record.CallId, out var hold))
        {
            holds[record.CallId] = hold with { BoundNanoUsd = Math.Max(hold.BoundNanoUsd, record.BoundNanoUsd) };
        }
        else
        {
            _bounds[record.CallId] = Math.Max(record.BoundNanoUsd, _bounds.GetValueOrDefault(record.CallId));
        }
    }

    private void Close(in JournalRecord record)
    {
        CloseIn(_open, record);
        CloseIn(_doubtful, record);
        _bounds.Remove(record.CallId);
    }

    private static void CloseIn(Dictionary<Guid, HoldRecord> holds, in JournalRecord end)
    {
        if (holds.TryGetValue(end.CallId, out var hold) && hold.Attempt <= end.Attempt)
        {
            holds.Remove(end.CallId);
        }
    }

    // A copy is made while its call goes on, so that the call's end may stand before it. Rare, hence a second reading instead of
    // remembering every end.
    private void ResolveDoubts()
    {
        if (_doubtful.Count > 0)
        {
            foreach (var (record, _) in Records(isReported: false))
            {
                if (record.Kind is RecordKind.Settle or RecordKind.Release)
                {
                    CloseIn(_doubtful, record);
                }
            }
        }
        foreach (var (callId, hold) in _doubtful)
        {
            _open[callId] = hold;
        }
        _doubtful.Clear();
        _bounds.Clear();
    }

    private IEnumerable<(JournalRecord Record, bool IsConfirmed)> Records(bool isReported)
    {
        foreach (var file in _files)
        {
            using var scanner = Guard(file, () => new SegmentScanner(file));
            var (whole, confirmed) = (0L, 0L);
            while (
                Guard(
                    file,
                    () =>
                        scanner.TryNext(out var record, out var isConfirmed)
                            ? (Record: record, IsConfirmed: isConfirmed)
                            : default((JournalRecord Record, bool IsConfirmed)?)
                )
                    is { } next
            )
            {
                whole++;
                confirmed += next.IsConfirmed ? 1 : 0;
                yield return next;
            }
            if (isReported)
            {
                Report = new ReplayReport(
                    Report.Segments + 1,
                    Report.Records + whole,
                    Report.ConfirmedRecords + confirmed,
                    Report.UnpublishedPlaces + scanner.UnpublishedPlaces,
                    Report.DamagedPlaces + scanner.DamagedPlaces,
                    scanner.DamagedPlaces > 0 ? [.. Report.DamagedFiles, scanner.DamagedPath] : Report.DamagedFiles
                );
            }
        }
    }

    private T Guard<T>(SegmentFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The journal segment '{file.Path}' cannot be replayed: {fault.Message} Its calls are not in the ledger yet; mend "
                    + $"'{_folder}' and start again.",
                fault
            );
        }
    }
}
