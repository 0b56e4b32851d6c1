using Gateway.Core.Storage;

namespace Gateway.Admin.Conventions;

/// <summary>How many rows there are in a time.</summary>
internal sealed record TimeCount(DateTime From, DateTime Until, long Count)
{
    /// <summary>The range that has every day whole which a range touches.</summary>
    public static TimeRange DaysOf(TimeRange within) => within with { From = within.From is { } from ? UtcTime.DayOf(from) : null };

    /// <summary>The counts of days or hours; what a range has only a part of is counted anew.</summary>
    /// <param name="sums">What is counted of each, newest first.</param>
    /// <param name="length">The length of each.</param>
    /// <param name="within">The times asked for.</param>
    /// <param name="countAsync">Counts the rows of a part.</param>
    public static async Task<List<TimeCount>> CutAsync(
        IReadOnlyList<TimeSum> sums,
        TimeSpan length,
        TimeRange within,
        Func<TimeRange, Task<long>> countAsync
    )
    {
        List<TimeCount> counts = new(sums.Count);
        foreach (var sum in sums)
        {
            var part = within.Cut(sum.Start, sum.Start + length);
            var isWhole = part.From == sum.Start && part.Until == sum.Start + length;
            counts.Add(new TimeCount(part.From!.Value, part.Until!.Value, isWhole ? sum.Count : await countAsync(part)));
        }
        return counts;
    }

    /// <summary>
    /// Where a page lies in times that are given newest first: the time that holds all of it, how many rows of that time come before it,
    /// and how many it has. Null: after the last row.
    /// </summary>
    public static (DateTime From, DateTime Until, int Skip, long Count)? Locate(IReadOnlyList<TimeCount> counts, PageRequest page)
    {
        (DateTime From, DateTime Until, int Skip, long Count)? place = null;
        long before = 0;
        foreach (var time in counts.Where(c => c.Count > 0))
        {
            if (place is null && before + time.Count > page.Offset)
            {
                place = (time.From, time.Until, (int)(page.Offset - before), 0);
            }
            before += time.Count;
            if (place is { } found)
            {
                place = (time.From, found.Until, found.Skip, found.Count + time.Count);
                if (before >= (long)page.Offset + page.Limit)
                {
                    break;
                }
            }
        }
        return place;
    }
}
