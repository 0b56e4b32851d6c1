using Gateway.Core.Quotas;
using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

public class ParallelAdmissionTests
{
    private readonly AdmissionDesk _desk = new();

    [Fact]
    public void Parallel_callers_get_exactly_what_the_limit_allows()
    {
        var limit = Limits.Key() with { RequestsPerMinute = 500, MaxConcurrent = 2_000 };
        var admitted = 0;
        Parallel.For(0, 2_000, _ => Count(ref admitted, _desk.Ask(3, limit).Lease));
        Assert.Equal(500, admitted);
        Assert.Equal(500, _desk.Read(limit, LimitWindow.MaxConcurrent).Held);
    }

    [Fact]
    public void Scopes_asked_for_in_any_order_are_taken_all_or_none()
    {
        RateLimit[] all =
        [
            Limits.Key() with
            {
                TokensPerMinute = 3_000,
            },
            Limits.User() with
            {
                RequestsPerDay = 900,
            },
            Limits.Team() with
            {
                TokensPerDay = 6_000,
            },
            Limits.TierModel() with
            {
                RequestsPerMinute = 700,
            },
        ];
        var (calls, tokens) = (new int[4], new int[4]);
        Parallel.For(
            0,
            8_000,
            call =>
            {
                var random = new Random(call);
                var chosen = Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).ToArray();
                random.Shuffle(chosen);
                var bound = random.Next(1, 10);
                if (_desk.Ask(bound, [.. chosen.Select(i => all[i])]).Lease is not { } lease)
                {
                    return;
                }
                var end = random.Next(3) switch
                {
                    0 => LeaseEnd.NeverAnswered,
                    1 => LeaseEnd.Answered(bound / 2),
                    _ => LeaseEnd.Unknown,
                };
                lease.Release(end);
                foreach (var index in chosen)
                {
                    Interlocked.Add(ref calls[index], end.IsCounted ? 1 : 0);
                    Interlocked.Add(ref tokens[index], (int)(end.Tokens ?? bound));
                }
            }
        );
        for (var index = 0; index < 4; index++)
        {
            var limit = all[index] with
            {
                RequestsPerMinute = 10_000,
                TokensPerMinute = 100_000,
                RequestsPerDay = 10_000,
                TokensPerDay = 100_000,
                MaxConcurrent = 10,
            };
            Assert.Equal((calls[index], tokens[index], calls[index], tokens[index], 0L), Used(limit));
        }
        Assert.InRange(calls[1], 0, 900);
        Assert.InRange(calls[3], 1, 700);
        Assert.InRange(tokens[2], 1, 6_000);
    }

    [Fact]
    public void Places_in_flight_are_never_more_than_the_limit()
    {
        var limit = Limits.Team() with { MaxConcurrent = 3 };
        var (inFlight, admitted) = (0, 0);
        Parallel.For(
            0,
            20_000,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            _ =>
            {
                if (_desk.Ask(0, limit).Lease is { } lease)
                {
                    Assert.InRange(Interlocked.Increment(ref inFlight), 1, 3);
                    Interlocked.Increment(ref admitted);
                    Interlocked.Decrement(ref inFlight);
                    lease.Release(LeaseEnd.Answered(0));
                }
            }
        );
        Assert.True(admitted > 0);
        Assert.Equal(0, _desk.Read(limit, LimitWindow.MaxConcurrent).Held);
    }

    [Fact]
    public void Counts_are_exact_while_idle_counters_are_let_go_and_read_again()
    {
        var limit = Limits.Key() with { RequestsPerDay = 1_000_000 };
        _desk.Advance(100);
        var past = 0L;
        for (var round = 0; round < 200; round++)
        {
            var admitted = 0;
            Parallel.For(
                0,
                8,
                call =>
                {
                    if (call % 4 == 0)
                    {
                        _desk.Store.Sweep();
                        return;
                    }
                    var lease = _desk.Ask(0, limit).Lease;
                    Count(ref admitted, lease);
                    lease!.Release(LeaseEnd.Answered(0));
                }
            );
            past += admitted;
            Assert.Equal(past, _desk.Read(limit, LimitWindow.RequestsPerDay).Used);
            _desk.History.Set(limit, new PastUsage(past, 0, []));
            _desk.Advance(62);
        }
        Assert.Equal(1_200, past);
        Assert.True(_desk.History.Reads.Count > 20, "Counters were let go in between.");
    }

    private (long, long, long, long, long) Used(RateLimit limit)
    {
        long Of(LimitWindow window) => _desk.Read(limit, window) is var usage ? usage.Used + usage.Held : 0;
        return (
            Of(LimitWindow.RequestsPerMinute),
            Of(LimitWindow.TokensPerMinute),
            Of(LimitWindow.RequestsPerDay),
            Of(LimitWindow.TokensPerDay),
            Of(LimitWindow.MaxConcurrent)
        );
    }

    private static void Count(ref int admitted, AdmissionLease? lease)
    {
        if (lease is not null)
        {
            Interlocked.Increment(ref admitted);
        }
    }
}
