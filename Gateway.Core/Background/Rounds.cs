using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Background;

/// <summary>What all periodic services share: the clock, the log, and the count of rounds that failed.</summary>
public sealed class Rounds
{
    /// <summary>The meter of the count.</summary>
    public const string MeterName = "OneUIHub.Core";

    private readonly ConcurrentQueue<RoundsOfOne> _services = [];
    private readonly ILogger _logger;

    /// <summary>Begins to count. All services are told from the start: an alert on an increase needs the zero before it.</summary>
    public Rounds(TimeProvider time, IMeterFactory meters, ILoggerFactory loggers)
    {
        (Time, _logger) = (time, loggers.CreateLogger<Rounds>());
        meters
            .Create(MeterName)
            .CreateObservableCounter(
                "oneui_background_failures",
                () => _services.Select(s => new Measurement<long>(s.FailedCount, new KeyValuePair<string, object?>("work", s.Name))),
                "{round}",
                "Rounds of background work that failed."
            );
    }

    internal TimeProvider Time { get; }

    /// <summary>How many rounds of a service failed since the start.</summary>
    internal long FailedOf(string name) => _services.Where(s => s.Name == name).Sum(s => s.FailedCount);

    internal RoundsOfOne Of(string name)
    {
        var service = new RoundsOfOne(name, _logger);
        _services.Enqueue(service);
        return service;
    }
}
