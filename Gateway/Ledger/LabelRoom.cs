using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Bounds for how many tags and end users of a user's day sums are kept apart: clients choose these texts, and one that never repeats would
/// make a row of each call. What comes beyond is added up together, and the call's row remembers that, so that its sums can be computed
/// again. Knows a day from the sums that are there, so that a restart changes nothing.
/// </summary>
internal sealed class LabelRoom(AttributionOptions options)
{
    // Some 100 bytes each. What is forgotten is read again.
    private const int MostKnown = 200_000;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<(int User, DateTime Day), Dictionary<int, HashSet<string>>> _days = [];
    private int _known;

    /// <summary>Sets <see cref="UsageRecord.FoldedLabels"/> of calls whose texts have numbers.</summary>
    public async Task FoldAsync(HubDbContext db, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        if (records.All(r => r is { EndUser: null, Tags.Count: 0 }))
        {
            return;
        }
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var record in records.Where(r => r is not { EndUser: null, Tags.Count: 0 }))
            {
                var day = await DayAsync(db, record, cancellationToken);
                record.FoldedLabels = CallLabelSums.Fold(record, (kind, label) => IsApart(day, kind, label));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool IsApart(Dictionary<int, HashSet<string>> day, int kind, string label)
    {
        if (!day.TryGetValue(kind, out var known))
        {
            day[kind] = known = new HashSet<string>(StringComparer.Ordinal);
        }
        if (known.Contains(label))
        {
            return true;
        }
        if (known.Count >= (kind == LabelKinds.Tag ? options.MaxTagsPerDay : options.MaxEndUsersPerDay))
        {
            return false;
        }
        known.Add(label);
        _known++;
        return true;
    }

    private async Task<Dictionary<int, HashSet<string>>> DayAsync(HubDbContext db, UsageRecord record, CancellationToken cancellationToken)
    {
        var key = (record.Numbers.User, UtcTime.DayOf(record.AdmittedAt));
        if (_days.TryGetValue(key, out var day))
        {
            return day;
        }
        if (_known > MostKnown)
        {
            _days.Clear();
            _known = 0;
        }
        _days[key] = day = [];
        var (user, start) = key;
        foreach (
            var sum in await db
                .UsageByLabel.AsNoTracking()
                .Where(s => s.UserNumber == user && s.BucketStart == start && s.Label != "")
                .Select(s => new { s.Kind, s.Label })
                .ToListAsync(cancellationToken)
        )
        {
            if (!day.TryGetValue(sum.Kind, out var known))
            {
                day[sum.Kind] = known = new HashSet<string>(StringComparer.Ordinal);
            }
            known.Add(sum.Label);
            _known++;
        }
        return day;
    }
}
