namespace Gateway.Limits.Rates;

/// <summary>
/// How a node stands among those that count calls of the same caller, as all of them told last. Each works out its own part of what is free
/// of a limit, from the same figures by the same rule, so the parts add up to what is free: nobody hands them out.
/// </summary>
/// <param name="Nodes">How many nodes count, this one too.</param>
/// <param name="Rank">The place of this one in an order that all of them work out alike: those that used least come first.</param>
/// <param name="Want">What this one is likely to take until the next exchange.</param>
/// <param name="WantBefore">What those before it in the order are.</param>
/// <param name="WantAll">What all of them are.</param>
/// <param name="Unit">The most that one call takes: a smaller part of what is free lets nobody in.</param>
internal readonly record struct Standing(int Nodes, int Rank, long Want, long WantBefore, long WantAll, long Unit)
{
    /// <summary>Nobody else counts.</summary>
    public static readonly Standing Alone = new(1, 0, 0, 0, 0, 1);

    /// <summary>
    /// How much this node may take of what is free. Where there is enough for all, each gets what it wants and an equal part of the rest.
    /// Else what there is goes by what each wants, in whole calls, so that nodes whose parts would all be too small for one call do not
    /// keep it from each other; those that used least are the last to get nothing.
    /// </summary>
    public long PartOf(long free)
    {
        if (free <= 0)
        {
            return 0;
        }
        if (WantAll <= free)
        {
            var (each, left) = Math.DivRem(free - WantAll, Nodes);
            return Want + each + (Rank < left ? 1 : 0);
        }
        // From the end: what does not make a whole call falls to the first in the order.
        return Upto(free, WantAll - WantBefore) - Upto(free, WantAll - WantBefore - Want);
    }

    // Cut at the same points on every node: the parts have no gap between them and do not overlap.
    private long Upto(long free, long wanted)
    {
        if (wanted >= WantAll)
        {
            return free;
        }
        var cut = (long)((Int128)free * wanted / WantAll);
        return cut - (cut % Math.Max(1, Unit));
    }
}
