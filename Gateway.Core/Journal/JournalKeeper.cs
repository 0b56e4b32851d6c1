using Microsoft.Extensions.Logging;

namespace Gateway.Core.Journal;

/// <summary>
/// A thread that has the next segment ready before it is needed, frees old ones, and notices when the disk or the folder fails.
/// </summary>
internal sealed partial class JournalKeeper(
    SegmentChain chain,
    Confirmations confirmations,
    Func<byte[], JournalPosition, JournalAppend> append,
    JournalOptions options,
    ILogger logger
)
{
    private Thread? _thread;
    private volatile bool _isStopped;
    private volatile string? _fault;

    /// <summary>Why there is no next segment; null when all is well.</summary>
    public string? Fault => _fault;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "journal-keeper" };
        _thread.Start();
    }

    public void Stop()
    {
        _isStopped = true;
        chain.Changed.Set();
        _thread?.Join();
    }

    private void Run()
    {
        while (!_isStopped)
        {
            if (IsStillThere())
            {
                Prepare();
                confirmations.MoveOldHolds(append);
                chain.Free();
            }
            chain.Changed.WaitOne(options.RetryInterval);
        }
    }

    // What is written into a file that was deleted is gone with the process: better to say that there is no room.
    private bool IsStillThere()
    {
        var path = chain.Head.File.Path;
        if (chain.IsClosed || File.Exists(path))
        {
            return !chain.IsClosed;
        }
        chain.Close();
        _fault =
            $"The journal segment '{path}' has been deleted while it was in use; the journal takes no more records until the process "
            + "is started again.";
        Log.Vanished(logger, path);
        return false;
    }

    private void Prepare()
    {
        try
        {
            chain.Prepare();
            if (_fault is not null)
            {
                _fault = null;
                Log.Recovered(logger);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (_fault is null)
            {
                Log.Full(logger, options.RetryInterval, fault);
            }
            _fault = fault.Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The journal cannot make its next segment; calls that cost money are refused when three quarters of this one are "
                + "used. Next try in {Pause}."
        )]
        public static partial void Full(ILogger logger, TimeSpan pause, Exception fault);

        [LoggerMessage(Level = LogLevel.Information, Message = "The journal has a next segment again.")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Critical,
            Message = "The journal segment {Path} has been deleted while it was in use; the journal takes no more records until the "
                + "process is started again."
        )]
        public static partial void Vanished(ILogger logger, string path);
    }
}
