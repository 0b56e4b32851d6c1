using System.Runtime.InteropServices;
using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Providers;

namespace Gateway.Hosting;

/// <summary>
/// Gives memory back to the system when the process has become quiet. Of itself the runtime keeps what a rush of callers needed until there
/// is pressure, and so does the C library with what the database's connections had. Once for each quiet time: a busy process is left alone.
/// </summary>
internal sealed class MemoryRelease(ServerOptions options, StoreProvider store, TimeProvider time, Rounds rounds)
    : PeriodicService("memory_release", rounds)
{
    private const double QuietShareOfCpu = 0.05;

    private TimeSpan _cpu;
    private long _since = time.GetTimestamp();
    private bool _isReleased;

    /// <inheritdoc />
    protected override TimeSpan Interval => options.QuietTime;

    /// <inheritdoc />
    protected override Task RunAsync(CancellationToken cancellationToken)
    {
        Look(Environment.CpuUsage.TotalTime);
        return Task.CompletedTask;
    }

    /// <summary>Gives memory back when the time since the last look was quiet and the one before was not.</summary>
    /// <param name="cpu">The processor time that the process has used since its start.</param>
    /// <returns>Whether it did.</returns>
    internal bool Look(TimeSpan cpu)
    {
        var isQuiet = cpu - _cpu < QuietShareOfCpu * time.GetElapsedTime(_since);
        var releases = isQuiet && !_isReleased;
        (_cpu, _since, _isReleased) = (cpu, time.GetTimestamp(), isQuiet);
        if (releases)
        {
            store.CloseIdleConnections();
            Release();
        }
        return releases;
    }

    /// <summary>Gives back what nothing uses. All calls wait for it, some milliseconds for each ten megabytes in use.</summary>
    public static void Release()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers(); // native memory hangs on some
        TrimNativeMemory();
    }

    private static void TrimNativeMemory()
    {
        try
        {
            MallocTrim(0);
        }
        catch (Exception fault) when (fault is EntryPointNotFoundException or DllNotFoundException)
        {
            // not the GNU C library: others give back by themselves
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim", ExactSpelling = true)]
    private static extern int MallocTrim(nuint pad);
}
