namespace Gateway.Telemetry.Exposition;

/// <summary>
/// Gives out the metrics' text: one collection at a time, each within a time. A collection that hangs in a callback costs its own scrapes,
/// not the process.
/// </summary>
internal sealed class MetricScraper(PrometheusExporter exporter) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Collects and writes.</summary>
    /// <param name="format">The text asked for.</param>
    /// <param name="limit">The longest that waiting for others and collecting may take together.</param>
    /// <param name="cancellationToken">The scraper has left.</param>
    /// <returns>The text; null when it did not come about in time.</returns>
    public async Task<ReadOnlyMemory<byte>?> ScrapeAsync(ExpositionFormat format, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!await _oneAtATime.WaitAsync(limit, cancellationToken))
        {
            return null;
        }
        // On another thread, because callbacks cannot be interrupted: who waits may leave, the collection keeps its turn until it is
        // over.
        var collection = Task.Run(
            () =>
            {
                try
                {
                    return exporter.Render(format, limit);
                }
                finally
                {
                    _oneAtATime.Release();
                }
            },
            CancellationToken.None
        );
        try
        {
            return await collection.WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public void Dispose() => _oneAtATime.Dispose();
}
