using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Ledger;

/// <summary>Which sums by label a call belongs to.</summary>
public static class CallLabelSums
{
    /// <summary>The label of sums of all that is not added up apart.</summary>
    public const string Others = "";

    /// <summary>The labels whose sums the call belongs to, each once.</summary>
    public static IEnumerable<(int Kind, string Label)> Of(UsageRecord record)
    {
        if (record.EndUser is { } endUser)
        {
            yield return (LabelKinds.EndUser, IsFolded(record, 0) ? Others : endUser);
        }
        var hasOthers = false;
        for (var i = 0; i < record.Tags.Count; i++)
        {
            if (!IsFolded(record, i + 1))
            {
                yield return (LabelKinds.Tag, record.Tags[i]);
            }
            else if (!hasOthers)
            {
                hasOthers = true;
                yield return (LabelKinds.Tag, Others);
            }
        }
    }

    /// <summary>The value of <see cref="UsageRecord.FoldedLabels"/> for a call.</summary>
    /// <param name="record">The call.</param>
    /// <param name="isApart">Whether a label is added up apart.</param>
    public static int Fold(UsageRecord record, Func<int, string, bool> isApart)
    {
        var folded = record.EndUser is { } endUser && !isApart(LabelKinds.EndUser, endUser) ? 1 : 0;
        for (var i = 0; i < record.Tags.Count; i++)
        {
            folded |= isApart(LabelKinds.Tag, record.Tags[i]) ? 0 : 1 << (i + 1);
        }
        return folded;
    }

    private static bool IsFolded(UsageRecord record, int place) => (record.FoldedLabels & (1 << place)) != 0;
}
