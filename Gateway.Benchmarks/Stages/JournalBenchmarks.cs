using BenchmarkDotNet.Attributes;
using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Stages;

/// <summary>
/// What the journal costs a call: its hold and its settlement, published. Each round begins with an empty segment, so that the price of
/// touching new pages is in it. The channel is what the alternative costs on the request's own thread; what its writer thread costs is in
/// the command <c>journal</c>.
/// </summary>
public class JournalBenchmarks
{
    private const int CallCount = 50_000;

    private readonly HoldRecord _hold = JournalCalls.Hold();
    private readonly UsageRecord _usage = JournalCalls.Usage();

    private DirectoryInfo _folder = null!;
    private CallJournal _journal = null!;
    private FileWriter _writer = null!;

    [IterationSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("hub-stages-");
        _journal = CallJournal.Open(JournalFolder.Lock(Path.Combine(_folder.FullName, "node")), new JournalOptions(), NullLogger.Instance);
        _writer = new FileWriter(Path.Combine(_folder.FullName, "file"));
        while (_journal.Status.Segments < 2)
        {
            Thread.Sleep(1);
        }
    }

    [IterationCleanup]
    public void Cleanup()
    {
        _journal.Dispose();
        _writer.Dispose();
        _folder.Delete(recursive: true);
    }

    [Benchmark(OperationsPerInvoke = CallCount)]
    public bool Append_hold_and_settlement()
    {
        var isPublished = true;
        for (var i = 0; i < CallCount; i++)
        {
            isPublished &= _journal.TrySettle(_usage, _journal.TryHold(in _hold).Position).IsPublished;
        }
        return isPublished ? true : throw new InvalidOperationException("The journal was full.");
    }

    [Benchmark(OperationsPerInvoke = CallCount)]
    public async Task Append_hold_and_settlement_by_a_writer_thread()
    {
        for (var i = 0; i < CallCount; i++)
        {
            await _writer.AppendAsync(new HoldSource(in _hold));
            await _writer.AppendAsync(new SettleSource(Guid.Parse(_usage.Id), _usage));
        }
        await _writer.DrainAsync();
    }
}
