using System.Diagnostics.Metrics;
using Gateway.Core.Background;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Support;

/// <summary>What periodic services share, for one that runs without a host.</summary>
internal static class TestRounds
{
    public static Rounds At(TimeProvider time, ILogger? logger = null) =>
        new(
            time,
            new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(),
            logger is null ? NullLoggerFactory.Instance : new OneLogger(logger)
        );

    private sealed class OneLogger(ILogger logger) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose() { }
    }
}
