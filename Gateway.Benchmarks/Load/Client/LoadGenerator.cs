using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Benchmarks.Load.Processes;

namespace Gateway.Benchmarks.Load.Client;

/// <summary>Makes calls in a process of its own. One line is one job; <c>release</c> closes what a job kept open.</summary>
internal sealed class LoadGenerator
{
    private readonly List<RawConnection> _open = [];

    public Task RunAsync() => ControlLoop.RunAsync(port: 0, DoAsync);

    private async Task<object> DoAsync(string line)
    {
        if (line == "release")
        {
            _open.ForEach(c => c.Dispose());
            _open.Clear();
            return new { };
        }
        var job = JsonSerializer.Deserialize<LoadJob>(line)!;
        var request = CallBytes.Call(job.ApiKey, job.Stream);
        return job.KeepOpen ? await OpenAsync(job, request)
            : job.Rate > 0 ? await AtRateAsync(job, request)
            : await ClosedLoopAsync(job, request);
    }

    private static async Task<LoadResult> ClosedLoopAsync(LoadJob job, byte[] request)
    {
        var end = Stopwatch.GetTimestamp() + job.Milliseconds * Stopwatch.Frequency / 1_000;
        return await MeasureAsync(
            job,
            async (connection, times) =>
            {
                while (Stopwatch.GetTimestamp() is var begin && begin < end)
                {
                    times.Add(await connection.CallAsync(request), begin);
                }
            }
        );
    }

    // Calls fall due by the clock, whatever became of those before; one that finds no free connection waits, and its waiting counts.
    private static async Task<LoadResult> AtRateAsync(LoadJob job, byte[] request)
    {
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
        var clock = ReleaseAsync(job, due.Writer);
        var result = await MeasureAsync(
            job,
            async (connection, times) =>
            {
                await foreach (var begin in due.Reader.ReadAllAsync())
                {
                    times.Add(await connection.CallAsync(request), begin);
                }
            }
        );
        await clock;
        return result;
    }

    private static async Task ReleaseAsync(LoadJob job, ChannelWriter<long> due)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var start = Stopwatch.GetTimestamp();
        var released = 0;
        while (
            await timer.WaitForNextTickAsync()
            && Stopwatch.GetElapsedTime(start).TotalMilliseconds is var passed
            && passed < job.Milliseconds
        )
        {
            for (; released < passed / 1_000 * job.Rate; released++)
            {
                due.TryWrite(Stopwatch.GetTimestamp());
            }
        }
        due.Complete();
    }

    private async Task<LoadResult> OpenAsync(LoadJob job, byte[] request)
    {
        var statuses = new ConcurrentBag<int>();
        await Parallel.ForAsync(
            0,
            job.Connections,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (_, _) =>
            {
                var connection = await RawConnection.OpenAsync(job.Port);
                lock (_open)
                {
                    _open.Add(connection);
                }
                statuses.Add((await connection.BeginAsync(request)).Status);
            }
        );
        var good = statuses.Count(s => s == StatusCodes.Status200OK);
        return new LoadResult(good, statuses.Count - good, 1, 0, 0);
    }

    private static async Task<LoadResult> MeasureAsync(LoadJob job, Func<RawConnection, CallTimes, Task> work)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, job.Connections).Select(_ => RawConnection.OpenAsync(job.Port)));
        var times = connections.Select(_ => new CallTimes()).ToArray();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(connections.Select((connection, i) => Task.Run(() => work(connection, times[i]))));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (var connection in connections)
        {
            connection.Dispose();
        }
        return CallTimes.Sum(times, seconds);
    }
}
