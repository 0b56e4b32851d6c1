using System.Globalization;
using Gateway.Core.Journal;
using Gateway.Tests.Support;

namespace Gateway.Tests.Journal;

/// <summary>Real processes: one that is killed while it appends, and two that want one folder.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestJournal _test = new();

    [Theory, InlineData(1, 3_000), InlineData(4, 3_000), InlineData(4, 20_001)]
    public async Task After_kill_9_every_record_that_was_published_is_found(int threads, int lines)
    {
        var (holds, settled) = (new Dictionary<Guid, long>(), new Dictionary<Guid, long>());
        using (var process = ChildProgram.Start("journal-append", _test.Path, threads.ToString(CultureInfo.InvariantCulture)))
        {
            for (var i = 0; i < lines; i++)
            {
                Take(
                    await process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
                        ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync())
                );
            }
            process.Kill(); // SIGKILL
            // What it had said by then stands in the pipe; the last line may be half of one.
            var rest = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            foreach (var line in rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Take(line);
            }
            await process.WaitForExitAsync();
            Assert.Equal(137, process.ExitCode);
        }
        var found = _test.Read();
        var costs = found.Settled.ToDictionary(s => Guid.Parse(s.Id), s => s.TotalCostNanoUsd);
        Assert.All(settled, s => Assert.Equal(s.Value, costs[s.Key]));
        var open = found.OpenHolds.ToDictionary(h => h.CallId, h => h.BoundNanoUsd);
        Assert.All(holds.Where(h => !costs.ContainsKey(h.Key)), h => Assert.Equal(h.Value, open[h.Key]));
        Assert.Equal(0, found.Report.DamagedPlaces);
        Assert.InRange(costs.Count + open.Count, holds.Count, holds.Count + threads);

        void Take(string line)
        {
            var words = line.Split(' ');
            (words[0] == "hold" ? holds : settled).Add(Guid.Parse(words[1]), long.Parse(words[2], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task A_second_process_is_refused_and_kill_9_frees_the_folder()
    {
        using var process = ChildProgram.Start("journal-hold-lock", _test.Path);
        Assert.Equal("locked", await process.StandardOutput.ReadLineAsync().WaitAsync(Patience));
        var refused = Assert.Throws<JournalException>(() => JournalFolder.Lock(_test.Path));
        Assert.Contains("is in use by another process", refused.Message, StringComparison.Ordinal);
        using (var other = JournalFolder.Lock(JournalFolder.PathOf(_test.Data, "node-2")))
        {
            Assert.Empty(JournalFolder.LockAbandoned(_test.Data, other));
        }
        process.Kill();
        await process.WaitForExitAsync();
        JournalFolder.Lock(_test.Path).Dispose();
    }

    [Fact]
    public async Task A_process_is_refused_a_folder_that_this_one_has()
    {
        using var folder = JournalFolder.Lock(_test.Path);
        using var process = ChildProgram.Start("journal-hold-lock", _test.Path);
        Assert.Contains(
            "is in use by another process",
            await process.StandardError.ReadToEndAsync().WaitAsync(Patience),
            StringComparison.Ordinal
        );
        await process.WaitForExitAsync();
        Assert.NotEqual(0, process.ExitCode);
    }

    [Fact]
    public void Folders_of_nodes_that_are_gone_are_replayed_and_deleted()
    {
        var id = Guid.CreateVersion7();
        using (var journal = _test.Open())
        {
            journal.TrySettle(Calls.Usage(id));
        }
        using var own = JournalFolder.Lock(JournalFolder.PathOf(_test.Data, "node-2"));
        using (var abandoned = Assert.Single(JournalFolder.LockAbandoned(_test.Data, own)))
        {
            Assert.Empty(JournalFolder.LockAbandoned(_test.Data, own));
            var replay = JournalReplay.Read(abandoned);
            Assert.Equal([id.ToString()], replay.SettledCalls().Select(s => s.Id));
            abandoned.DeleteIfEmpty();
            Assert.True(Directory.Exists(_test.Path));
            replay.Discard();
            abandoned.DeleteIfEmpty();
        }
        Assert.False(Directory.Exists(_test.Path));
        Assert.True(Directory.Exists(own.Path));
    }

    [
        Theory,
        InlineData("host:8080", "host%3A8080"),
        InlineData("../up", "%2E./up"),
        InlineData("a/b", "a%2Fb"),
        InlineData("node_1.eu-west", "node_1.eu-west")
    ]
    public void A_nodes_name_is_one_folder_below_the_journal(string nodeId, string folder) =>
        Assert.Equal(
            Path.Combine("data", "journal", folder.Replace("/up", "%2Fup", StringComparison.Ordinal)),
            JournalFolder.PathOf("data", nodeId)
        );

    [Fact]
    public void A_journal_in_use_is_not_replayed()
    {
        var folder = JournalFolder.Lock(_test.Path);
        using var journal = CallJournal.Open(
            folder,
            new JournalOptions { SegmentBytes = 4_096 },
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
        );
        Assert.Throws<InvalidOperationException>(() => JournalReplay.Read(folder));
    }

    public void Dispose() => _test.Dispose();
}
