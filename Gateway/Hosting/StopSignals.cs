using System.Runtime.InteropServices;

namespace Gateway.Hosting;

/// <summary>
/// SIGTERM, SIGINT (Ctrl-C) and SIGQUIT, from the first line of the program to its last. The first one asks for a stop, whatever is under
/// way; the second one is the system's: it ends the process at once, which every part of the product is made to bear.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private const int ExitCodeBase = 128; // as shells count: 128 and the signal's number

    /// <summary>How long work that was asked to stop before the gateway serves may take to clean up; then it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<PosixSignal, int> Numbers = new()
    {
        [PosixSignal.SIGINT] = 2,
        [PosixSignal.SIGQUIT] = 3,
        [PosixSignal.SIGTERM] = 15,
    };

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _number;

    private StopSignals() { }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>What a command that a signal ended returns.</summary>
    public int ExitCode => ExitCodeBase + Volatile.Read(ref _number);

    /// <summary>Takes the process's signals until it is disposed.</summary>
    public static StopSignals Listen()
    {
        var signals = new StopSignals();
        signals._registrations.AddRange(Numbers.Keys.Select(signal => PosixSignalRegistration.Create(signal, signals.Take)));
        return signals;
    }

    /// <summary>Waits for work that obeys a token, and leaves it behind when it does not: a lock of SQLite or a name that does not resolve
    /// is waited for without an ear.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<T> ObeyAsync<T>(Task<T> work, CancellationToken stop)
    {
        if (
            await Task.WhenAny(work, Task.Delay(Timeout.InfiniteTimeSpan, stop)) != work
            && await Task.WhenAny(work, Task.Delay(Grace, CancellationToken.None)) != work
        )
        {
            throw new OperationCanceledException(stop);
        }
        return await work;
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        if (Interlocked.CompareExchange(ref _number, Numbers[context.Signal], 0) != 0)
        {
            return; // not cancelled: the system's default, which ends the process
        }
        context.Cancel = true;
        try
        {
            _stop.Cancel();
        }
        catch (Exception fault) when (fault is AggregateException or ObjectDisposedException)
        {
            // What listens to the token failed, or the program is at its end: it stops all the same.
        }
    }
}
