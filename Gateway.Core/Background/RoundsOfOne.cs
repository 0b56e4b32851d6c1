using Microsoft.Extensions.Logging;

namespace Gateway.Core.Background;

/// <summary>How the rounds of one periodic service went. A fault that stays is logged once, and counted at each round.</summary>
internal sealed partial class RoundsOfOne(string name, ILogger logger)
{
    private string? _standing;
    private long _failed;

    public string Name => name;

    /// <summary>Rounds that failed since the start.</summary>
    public long FailedCount => Interlocked.Read(ref _failed);

    public void Succeeded()
    {
        if (_standing is not null)
        {
            _standing = null;
            Log.WorksAgain(logger, name);
        }
    }

    public void Failed(Exception fault, TimeSpan next)
    {
        Interlocked.Increment(ref _failed);
        if (_standing != fault.Message)
        {
            _standing = fault.Message;
            Log.Failed(logger, name, next, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The background work {Name} failed. It is tried again in {Interval}.")]
        public static partial void Failed(ILogger logger, string name, TimeSpan interval, Exception fault);

        [LoggerMessage(Level = LogLevel.Information, Message = "The background work {Name} succeeds again.")]
        public static partial void WorksAgain(ILogger logger, string name);
    }
}
