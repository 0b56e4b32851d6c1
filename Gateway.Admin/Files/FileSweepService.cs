using Gateway.Core.Files;

namespace Gateway.Admin.Files;

/// <summary>Once an hour takes away the bytes of files that no row names.</summary>
internal sealed partial class FileSweepService(FileStore files, TimeProvider time, ILogger<FileSweepService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var count = await files.SweepAsync(stoppingToken);
                if (count > 0)
                {
                    Log.Swept(logger, count);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                Log.Failed(logger, fault.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} files without an owner were deleted.")]
        public static partial void Swept(ILogger logger, int count);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Files without an owner could not be looked for: {Reason} The next round tries again."
        )]
        public static partial void Failed(ILogger logger, string reason);
    }
}
