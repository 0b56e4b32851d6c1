namespace Gateway.Admin.Transport;

/// <summary>
/// The count of a public read that asks whether what the client has still holds. It is taken when the answer is known: 304 is free,
/// anything else counts as any other
/// read of the catalogue.
/// </summary>
/// <param name="take">Counts it; when to come again, or null: it may pass.</param>
internal sealed class DeferredCount(Func<TimeSpan?> take)
{
    private bool _isTaken;

    /// <summary>Counts it, once.</summary>
    /// <returns>When to come again; null: it may pass.</returns>
    public TimeSpan? Take()
    {
        if (_isTaken)
        {
            return null;
        }
        _isTaken = true;
        return take();
    }
}
