using Microsoft.Extensions.Hosting;

namespace Gateway.Core.Background;

/// <summary>
/// Work that is done again and again while the process runs. A round that fails is logged and counted, and the next one comes all the same.
/// One round at a time; ends with the host.
/// </summary>
/// <param name="name">In the log and as label of <c>oneui_background_failures_total</c>: words in snake_case.</param>
/// <param name="rounds">What all such services share.</param>
public abstract class PeriodicService(string name, Rounds rounds) : BackgroundService
{
    private readonly RoundsOfOne _rounds = rounds.Of(name);

    /// <summary>From the start of one round to the start of the next; asked again after each round. Zero: no more rounds.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>Whether the first round is at the start of the process, or an interval later.</summary>
    protected virtual bool RunsAtStart => false;

    /// <summary>One round. What it throws is logged and counted.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Interval is var interval && interval <= TimeSpan.Zero)
        {
            return;
        }
        using var timer = new PeriodicTimer(interval, rounds.Time);
        try
        {
            for (var runs = RunsAtStart; ; runs = await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (runs)
                {
                    await TryRunAsync(stoppingToken);
                }
                if (Interval is var next && next != timer.Period)
                {
                    if (next <= TimeSpan.Zero)
                    {
                        return;
                    }
                    timer.Period = next;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task TryRunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
            _rounds.Succeeded();
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            _rounds.Failed(fault, Interval);
        }
    }
}
