using Gateway.Core.Background;

namespace Gateway.Admin.Accounts;

/// <summary>Deletes the accounts of guests whose time is over, once an hour.</summary>
internal sealed partial class GuestSweepService(UserEnding ending, Rounds rounds, ILogger<GuestSweepService> logger)
    : PeriodicService("guest_sweep", rounds)
{
    protected override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = await ending.DeleteGuestsAsync(cancellationToken);
        if (count > 0)
        {
            Log.Deleted(logger, count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} guests whose time was over were deleted.")]
        public static partial void Deleted(ILogger logger, int count);
    }
}
