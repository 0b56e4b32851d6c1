using Gateway.Core.Quotas;
using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

/// <summary>Windows that several nodes share: together they admit what one would, within their parts.</summary>
public sealed class SharedWindowTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_node_that_is_alone_tells_nobody_and_has_all()
    {
        var cluster = new PlayedCluster();
        var node = await cluster.AddAsync("a");
        var limit = Limits.Key() with { RequestsPerMinute = 5 };
        Assert.Equal(5, Many(20, () => node.Call(limit)));
        Assert.False(node.Exchange.IsOn);
    }

    [Fact]
    public async Task A_hot_key_on_one_node_gets_all_of_its_limit()
    {
        var cluster = await StartAsync(3);
        var limit = Limits.Key() with { RequestsPerMinute = 100, TokensPerMinute = 10_000, RequestsPerDay = 100, MaxConcurrent = 100 };
        Assert.Equal(100, await CallForAsync(cluster, 3 * Second, () => Many(20, () => cluster.Nodes[0].Call(limit, 10))));
    }

    [Fact]
    public async Task What_idle_nodes_had_flows_to_a_busy_one_within_seconds()
    {
        var cluster = await StartAsync(3);
        var limit = Limits.Key() with { RequestsPerMinute = 90 };
        for (var i = 0; i < 3; i++)
        {
            Assert.True(cluster.Nodes[i].Call(limit));
        }
        await cluster.PassAsync(5 * Second);
        Assert.Equal(87, await CallForAsync(cluster, 3 * Second, () => Many(20, () => cluster.Nodes[0].Call(limit))));
    }

    [Fact]
    public async Task The_only_place_of_a_limit_is_had_by_one_node_and_given_to_another()
    {
        var cluster = await StartAsync(2);
        var limit = Limits.Key() with { MaxConcurrent = 1 };
        var lease = cluster.Nodes[0].Ask(limit)!;
        await cluster.PassAsync(Second);
        Assert.Null(cluster.Nodes[1].Ask(limit));
        await cluster.PassAsync(Second);
        Assert.Null(cluster.Nodes[1].Ask(limit));
        lease.Release(LeaseEnd.Answered(1));
        await cluster.PassAsync(Second);
        Assert.NotNull(cluster.Nodes[1].Ask(limit));
    }

    [Fact]
    public async Task A_call_larger_than_an_equal_part_passes_on_one_node_at_a_time()
    {
        var cluster = await StartAsync(4);
        var limit = Limits.Key() with { TokensPerMinute = 100_000 };
        var calls = await CallForAsync(cluster, 5 * Second, () => cluster.Nodes.Sum(n => n.Call(limit, 40_000) ? 1 : 0));
        Assert.InRange(calls, 2, 4); // each node's first call is let in before it knows of the others
    }

    [Fact]
    public async Task A_day_counts_what_each_node_let_in_once_also_for_a_node_that_comes_later()
    {
        var cluster = await StartAsync(2);
        var limit = Limits.Key() with { RequestsPerDay = 30 };
        Assert.Equal(20, await CallForAsync(cluster, 20 * Second / 10, () => cluster.Nodes.Sum(n => n.Call(limit) ? 1 : 0), most: 20));
        await cluster.PassAsync(20 * Second);
        var third = await cluster.AddAsync("c");
        await cluster.PassAsync(2 * Second);
        Assert.Equal(10, await CallForAsync(cluster, 3 * Second, () => Many(5, () => third.Call(limit))));
        await cluster.PassAsync(2 * Second);
        Assert.False(cluster.Nodes[0].Call(limit));
    }

    [Fact]
    public async Task What_a_dead_node_used_of_the_day_stays_used_and_its_calls_in_flight_end()
    {
        var cluster = await StartAsync(2);
        var limit = Limits.Key() with { RequestsPerDay = 10, MaxConcurrent = 2 };
        var dying = cluster.Nodes[1];
        Assert.Equal(4, Many(4, () => dying.Call(limit)));
        Assert.NotNull(dying.Ask(limit));
        await cluster.PassAsync(20 * Second); // all of it is told
        cluster.Kill(dying);
        await cluster.PassAsync(20 * Second);
        var (first, second) = (cluster.Nodes[0].Ask(limit), cluster.Nodes[0].Ask(limit));
        Assert.True(first is not null && second is not null); // both places are free
        first.Release(LeaseEnd.Answered(1));
        second.Release(LeaseEnd.Answered(1));
        Assert.Equal(3, await CallForAsync(cluster, 3 * Second, () => Many(5, () => cluster.Nodes[0].Call(limit))));
    }

    [Fact]
    public async Task A_node_that_is_left_alone_keeps_what_others_used_of_the_day_and_stops_to_tell()
    {
        var cluster = await StartAsync(2);
        var limit = Limits.Key() with { RequestsPerDay = 10 };
        var leaving = cluster.Nodes[1];
        Assert.Equal(4, Many(4, () => leaving.Call(limit)));
        await cluster.PassAsync(2 * Second);
        Assert.True(cluster.Nodes[0].Call(limit));
        await cluster.PassAsync(2 * Second);
        await cluster.StopAsync(leaving);
        await cluster.PassAsync(70 * Second);
        Assert.False(cluster.Nodes[0].Exchange.IsOn);
        Assert.Equal(5, Many(20, () => cluster.Nodes[0].Call(limit)));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public async Task Whatever_nodes_come_go_and_delay_a_minute_holds_no_more_than_the_limit_and_their_parts(int seed)
    {
        var random = new Random(seed);
        var max = random.Next(5, 200);
        var limit = Limits.Key() with { RequestsPerMinute = max };
        var cluster = await StartAsync(random.Next(2, 6));
        var admitted = new Queue<DateTimeOffset>();
        var (most, all) = (0, 0);
        for (var step = 0; step < 4_000; step++)
        {
            cluster.Time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 120)));
            if (random.Next(400) == 0 && cluster.Nodes.Count > 1)
            {
                cluster.Kill(cluster.Nodes[random.Next(cluster.Nodes.Count)]);
            }
            if (random.Next(400) == 0 && cluster.Nodes.Count < 6)
            {
                await cluster.AddAsync($"late-{step}");
            }
            var node = cluster.Nodes[random.Next(cluster.Nodes.Count)];
            if (random.Next(8) == 0)
            {
                await node.Exchange.ExchangeAsync(default); // others not, or much later
            }
            if (random.Next(2) == 0 && node.Call(limit))
            {
                all++;
                admitted.Enqueue(cluster.Time.GetUtcNow());
            }
            while (admitted.TryPeek(out var oldest) && cluster.Time.GetUtcNow() - oldest >= TimeSpan.FromSeconds(60))
            {
                admitted.Dequeue();
            }
            most = Math.Max(most, admitted.Count);
        }
        Assert.True(most <= (3 * max) + (2 * 6), $"Seed {seed}: {most} calls in a minute under a limit of {max}.");
        Assert.True(all > max, $"Seed {seed}: only {all} calls.");
    }

    [Theory, InlineData(11, 60), InlineData(12, 7), InlineData(13, 300)]
    public async Task Nodes_that_hear_each_other_admit_together_what_one_would(int seed, int max)
    {
        var random = new Random(seed);
        var limit = Limits.Key() with { RequestsPerMinute = max };
        var cluster = await StartAsync(3);
        var admitted = new List<DateTimeOffset>();
        var start = cluster.Time.GetUtcNow();
        while (cluster.Time.GetUtcNow() - start < TimeSpan.FromMinutes(5))
        {
            await cluster.PassAsync(TimeSpan.FromMilliseconds(100));
            foreach (var node in cluster.Nodes)
            {
                for (var calls = random.Next(0, 1 + (max / 20)); calls >= 0; calls--)
                {
                    if (node.Call(limit))
                    {
                        admitted.Add(cluster.Time.GetUtcNow());
                    }
                }
            }
        }
        var most = admitted.Max(at => admitted.Count(other => other <= at && at - other < TimeSpan.FromSeconds(60)));
        Assert.InRange(most, max, max + 3 + (max / 10));
        Assert.InRange(admitted.Count, (int)(4.4 * max), (int)(5.6 * max) + 15);
    }

    private static async Task<PlayedCluster> StartAsync(int nodes)
    {
        var cluster = new PlayedCluster();
        for (var i = 0; i < nodes; i++)
        {
            await cluster.AddAsync($"n{i}");
        }
        await cluster.ExchangeAsync();
        await cluster.ExchangeAsync();
        Assert.All(cluster.Nodes, n => Assert.Equal(nodes, n.Exchange.Nodes));
        return cluster;
    }

    private static int Many(int times, Func<bool> call) => Enumerable.Range(0, times).Count(_ => call());

    private static async Task<int> CallForAsync(PlayedCluster cluster, TimeSpan time, Func<int> call, int most = int.MaxValue)
    {
        var calls = 0;
        for (var passed = TimeSpan.Zero; passed < time && calls < most; passed += TimeSpan.FromMilliseconds(100))
        {
            calls += call();
            await cluster.PassAsync(TimeSpan.FromMilliseconds(100));
        }
        return calls;
    }
}
