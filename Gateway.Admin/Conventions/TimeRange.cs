namespace Gateway.Admin.Conventions;

/// <summary>The times of which rows are asked for.</summary>
/// <param name="From">The first, UTC; null: no first.</param>
/// <param name="Until">The first one after them, UTC; null: no last.</param>
internal readonly record struct TimeRange(DateTime? From, DateTime? Until)
{
    /// <summary>
    /// What of it lies in another: one bound at each end, because of two the planner may take the wider and read all between them.
    /// </summary>
    public TimeRange Cut(DateTime? from, DateTime? until) =>
        new(From is null || from > From ? from : From, Until is null || until < Until ? until : Until);
}
