using Gateway.Core.Background;
using Gateway.Core.Files;

namespace Gateway.Admin.Files;

/// <summary>Takes away the bytes of files that no row names, once an hour.</summary>
internal sealed partial class FileSweepService(FileStore files, Rounds rounds, ILogger<FileSweepService> logger)
    : PeriodicService("file_sweep", rounds)
{
    protected override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = await files.SweepAsync(cancellationToken);
        if (count > 0)
        {
            Log.Swept(logger, count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} files without an owner were deleted.")]
        public static partial void Swept(ILogger logger, int count);
    }
}
