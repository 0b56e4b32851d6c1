namespace Gateway.Benchmarks.Load.Processes;

/// <summary>What a process has used since its start, as it says itself.</summary>
/// <param name="CpuMicroseconds">User and kernel time of all its threads.</param>
/// <param name="AllocatedBytes">Bytes allocated on the managed heap, whether still there or not.</param>
/// <param name="HeapBytes">Bytes on the managed heap now.</param>
/// <param name="WorkingSetBytes">Resident memory now.</param>
/// <param name="CompiledMethods">Methods that the JIT has compiled: it still changes while the code warms up.</param>
internal sealed record ProcessFigures(
    double CpuMicroseconds,
    long AllocatedBytes,
    long HeapBytes,
    long WorkingSetBytes,
    long CompiledMethods
)
{
    /// <summary>Reads them for this process.</summary>
    /// <param name="collect">Whether to collect garbage first, so that the heap holds only what is in use.</param>
    public static ProcessFigures Read(bool collect)
    {
        if (collect)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }
        return new(
            Environment.CpuUsage.TotalTime.TotalMicroseconds,
            GC.GetTotalAllocatedBytes(precise: true),
            GC.GetTotalMemory(forceFullCollection: false),
            Environment.WorkingSet,
            System.Runtime.JitInfo.GetCompiledMethodCount(currentThread: false)
        );
    }
}
