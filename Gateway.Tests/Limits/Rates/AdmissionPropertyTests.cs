using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Quotas;
using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

/// <summary>What must hold for any course of calls, ends and clock changes.</summary>
public class AdmissionPropertyTests
{
    private const int Kinds = 16;
    private const int ClockStep = 14;
    private const int SweepStep = 15;

    private static readonly RateLimit[] All =
    [
        Limits.Key() with
        {
            RequestsPerMinute = 6,
            TokensPerMinute = 120,
        },
        Limits.User() with
        {
            RequestsPerDay = 60,
            TokensPerDay = 1_500,
            TokensPerMinute = 150,
        },
        Limits.Team() with
        {
            MaxConcurrent = 4,
            RequestsPerMinute = 8,
        },
        Limits.TierModel() with
        {
            TokensPerMinute = 90,
            MaxConcurrent = 5,
        },
    ];

    [Fact]
    public void Every_decision_and_count_agrees_with_a_list_of_the_calls_however_the_wall_clock_is_set() =>
        Prop.ForAll(Courses(400), course => Play(course.Where(step => step % Kinds != SweepStep))).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_decision_and_count_agrees_with_a_list_of_the_calls_while_idle_counters_come_and_go() =>
        Prop.ForAll(Courses(400), course => Play(course.Where(step => step % Kinds != ClockStep))).QuickCheckThrowOnFailure();

    [Fact]
    public void No_minute_ever_holds_more_calls_than_the_limit_and_no_refusal_has_room() =>
        Prop.ForAll(
                Courses(500),
                pauses =>
                {
                    var desk = new AdmissionDesk();
                    var limit = Limits.Key() with { RequestsPerMinute = 7 };
                    var admitted = new List<TimeSpan>();
                    foreach (var pause in pauses)
                    {
                        desk.Time.Advance(TimeSpan.FromTicks(pause % 9 * (pause / 9 % 20_000_000)));
                        desk.Time.ShiftUtc(TimeSpan.FromMinutes((pause % 7) - 3));
                        var now = TimeSpan.FromTicks(desk.Time.GetTimestamp());
                        if (desk.Ask(0, limit).Lease is not null)
                        {
                            admitted.Add(now);
                            Assert.InRange(admitted.Count(t => now - t <= TimeSpan.FromSeconds(60)), 1, 7);
                        }
                        else
                        {
                            Assert.True(admitted.Count(t => now - t < TimeSpan.FromSeconds(61)) >= 7);
                        }
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_restarted_process_counts_what_the_one_before_it_counted() =>
        Prop.ForAll(
                Courses(150),
                course =>
                {
                    // No clock is set here: what monotonic time was before is not known to a new process.
                    var (desk, model) = Play(course.Where(step => step % Kinds != ClockStep));
                    model.OpenCalls.ToList().ForEach(call => model.End(call, LeaseEnd.Unknown));
                    var restarted = new AdmissionDesk(desk.Time);
                    restarted.History.Others = model.PastOf;
                    for (var second = 0; second < 62; second++)
                    {
                        Assert.All(All, limit => model.CompareWith(limit, restarted));
                        desk.Advance(1.07);
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Retry_after_is_long_enough_and_a_second_less_is_not() =>
        Prop.ForAll(
                Courses(60),
                course =>
                {
                    var desk = new AdmissionDesk(new DateTimeOffset(2026, 3, 10, 23, 0, 0, TimeSpan.Zero));
                    foreach (var step in course)
                    {
                        var limits = Chosen(step);
                        var tokens = step / 16 % 50;
                        if (desk.Ask(tokens, limits) is { Refusal: { } refusal, Lease: null })
                        {
                            var wait = refusal.RetryAfter!.Value;
                            Assert.Equal(0, wait.Ticks % TimeSpan.TicksPerSecond);
                            desk.Time.Advance(wait - TimeSpan.FromSeconds(1));
                            desk.Refuse(tokens, limits);
                            desk.Advance(1);
                            Assert.True(desk.Time.GetUtcNow() >= refusal.ResetAt);
                            desk.Admit(tokens, limits).Release(LeaseEnd.Answered(tokens));
                            desk.Time.ShiftUtc(TimeSpan.FromSeconds(step % 5_000));
                        }
                        desk.Time.Advance(TimeSpan.FromTicks(step % 30_000_000));
                    }

                    // All but calls in flight, whose end nobody knows.
                    static RateLimit[] Chosen(int step) =>
                        [.. All.Where((_, index) => (step & (1 << index)) != 0).Select(l => l with { MaxConcurrent = null })];
                }
            )
            .QuickCheckThrowOnFailure();

    private static (AdmissionDesk Desk, EventListModel Model) Play(IEnumerable<int> course)
    {
        var desk = new AdmissionDesk(new DateTimeOffset(2026, 3, 10, 23, 50, 0, TimeSpan.Zero));
        var model = new EventListModel(desk);
        foreach (var step in course)
        {
            Play(desk, model, step % Kinds, step / Kinds);
        }
        Assert.All(All, model.CompareWith);
        return (desk, model);
    }

    private static void Play(AdmissionDesk desk, EventListModel model, int kind, int value)
    {
        switch (kind)
        {
            case < 6:
                var limits = All.Where((_, index) => (value & (1 << index)) == 0).ToArray();
                model.Ask(value % 100 == 0 ? 140 : value / 16 % 60, limits);
                break;
            case < 11 when model.OpenCalls.ToList() is { Count: > 0 } open:
                var call = open[value % open.Count];
                var tokens = value % 7 == 0 ? call.Tokens + 30 : call.Tokens * (value % 5) / 5;
                model.End(
                    call,
                    (value % 11) switch
                    {
                        0 => LeaseEnd.NeverAnswered,
                        1 => LeaseEnd.Unknown,
                        _ => LeaseEnd.Answered(tokens),
                    }
                );
                break;
            case < 14:
                desk.Time.Advance(TimeSpan.FromTicks(value % (value % 3 == 0 ? 1_000_000_000 : 200_000_000)));
                break;
            case ClockStep:
                desk.Time.ShiftUtc(TimeSpan.FromMinutes((value % 81) - 40));
                break;
            case SweepStep:
                desk.Store.Sweep();
                model.CompareWith(All[value % All.Length]);
                break;
        }
    }

    private static Arbitrary<int[]> Courses(int steps) => Gen.Choose(0, int.MaxValue - 1).ArrayOf(steps).ToArbitrary();
}
