using System.Diagnostics;
using System.Globalization;
using Gateway.Core.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Stages;

/// <summary>
/// <c>journal</c>: calls (a hold and a settlement each) through the mapped journal, and through a thread that appends to a file; as many as
/// the way takes, and the CPU time of the whole process: making, syncing and freeing segments included.
/// </summary>
internal static class JournalCommand
{
    private const int CallCount = 192_000;
    private const int Rounds = 3;

    public static async Task<int> RunAsync()
    {
        Console.WriteLine("| way | loops | calls/s | CPU, us/call | allocated, bytes/call |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var loops in new[] { 1, 8, 64 })
        {
            await MeasureAsync("journal", loops, MapAsync);
            await MeasureAsync("file, waiting for the write", loops, folder => FileAsync(folder, isWaiting: true));
            await MeasureAsync("file, not waiting", loops, folder => FileAsync(folder, isWaiting: false));
        }
        return 0;
    }

    private static async Task<(Func<Task> Call, IDisposable Way)> MapAsync(string folder)
    {
        var journal = CallJournal.Open(JournalFolder.Lock(Path.Combine(folder, "node")), new JournalOptions(), NullLogger.Instance);
        var (hold, usage) = (JournalCalls.Hold(), JournalCalls.Usage());
        while (journal.Status.Segments < 2)
        {
            await Task.Delay(1);
        }
        return (
            async () =>
            {
                JournalAppend held,
                    settled;
                while (!(held = journal.TryHold(in hold)).IsPublished)
                {
                    await Task.Delay(1); // faster than the disk makes segments
                }
                while (!(settled = journal.TrySettle(usage, held.Position)).IsPublished)
                {
                    await Task.Delay(1);
                }
                journal.Confirm(settled.Position);
            },
            journal
        );
    }

    private static Task<(Func<Task> Call, IDisposable Way)> FileAsync(string folder, bool isWaiting)
    {
        var writer = new FileWriter(Path.Combine(folder, "file"));
        var hold = new HoldSource(JournalCalls.Hold());
        var settle = new SettleSource(Guid.CreateVersion7(), JournalCalls.Usage());
        Func<Task> call = isWaiting
            ? async () =>
            {
                await writer.AppendAndWaitAsync(hold);
                await writer.AppendAndWaitAsync(settle);
            }
            : async () =>
            {
                await writer.AppendAsync(in hold);
                await writer.AppendAsync(in settle);
            };
        return Task.FromResult((call, (IDisposable)writer));
    }

    private static async Task MeasureAsync(string name, int loops, Func<string, Task<(Func<Task> Call, IDisposable Way)>> open)
    {
        List<(double Rate, double Cpu, double Bytes)> rounds = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var folder = Directory.CreateTempSubdirectory("hub-stages-");
            var (call, way) = await open(folder.FullName);
            using var process = Process.GetCurrentProcess();
            var (begin, cpu, bytes) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
            await Task.WhenAll(
                Enumerable
                    .Range(0, loops)
                    .Select(_ =>
                        Task.Run(async () =>
                        {
                            for (var i = 0; i < CallCount / loops; i++)
                            {
                                await call();
                            }
                        })
                    )
            );
            way.Dispose();
            process.Refresh();
            rounds.Add(
                (
                    CallCount / Stopwatch.GetElapsedTime(begin).TotalSeconds,
                    (process.TotalProcessorTime - cpu).TotalMicroseconds / CallCount,
                    (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / CallCount
                )
            );
            folder.Delete(recursive: true);
        }
        var (rate, used, allocated) = (
            Median(rounds.Skip(1).Select(r => r.Rate)),
            Median(rounds.Skip(1).Select(r => r.Cpu)),
            Median(rounds.Skip(1).Select(r => r.Bytes))
        );
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {loops} | {rate:F0} | {used:F2} | {allocated:F0} |"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
