using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

/// <summary>
/// What limits mean, told with a list of calls and their exact times. An event must count for 60 s and may count for up to 61 s: so every
/// count is a least and a most, and the engine has to be between them.
/// </summary>
internal sealed class EventListModel
{
    private readonly AdmissionDesk _desk;
    private readonly List<Call> _calls = [];
    private DateOnly _latestDay;

    public EventListModel(AdmissionDesk desk)
    {
        _desk = desk;
        desk.History.Others = PastOf;
    }

    public IEnumerable<Call> OpenCalls => _calls.Where(c => c.Lease is not null);

    public void Ask(long tokens, RateLimit[] limits)
    {
        _ = Today(); // the desk looks at the clock for every call, also for one without limits
        var before = limits.SelectMany(l => CountsOf(l, tokens)).ToList();
        var (lease, refusal) = _desk.Ask(tokens, limits);
        if (lease is not null)
        {
            Assert.All(before, w => Assert.True(w.Least + w.Cost <= w.Max, $"{w} was admitted"));
            _calls.Add(new Call(_desk.Time.GetTimestamp(), lease.AdmittedAt, limits) { Tokens = tokens, Lease = lease });
            return;
        }
        Assert.Contains(
            before,
            w => w.Limit == refusal!.Limit && w.Window == refusal.Window && w.Max == refusal.Max && w.Most + w.Cost > w.Max
        );
        Assert.Equal(before.Any(w => w.Cost > w.Max), refusal!.NeverFits);
    }

    public void End(Call call, LeaseEnd end)
    {
        call.Lease!.Release(end);
        call.Tokens = end.Tokens ?? call.Tokens;
        call.Requests = end.IsCounted ? 1 : 0;
        call.Lease = null;
    }

    public void CompareWith(RateLimit limit) => CompareWith(limit, _desk);

    public void CompareWith(RateLimit limit, AdmissionDesk desk)
    {
        foreach (var window in CountsOf(limit, 0))
        {
            var usage = desk.Read(limit, window.Window);
            Assert.InRange(usage.Used + usage.Held, window.Least, window.Most);
            Assert.Equal(Math.Max(0, window.Max - usage.Used - usage.Held), usage.Remaining);
        }
    }

    /// <summary>What a ledger of the calls would say.</summary>
    public PastUsage PastOf(CounterKey key, DateTime dayStart, DateTime recentStart)
    {
        var calls = _calls.Where(c => c.Limits.Any(l => CounterKey.Of(l, "u1") == key)).ToList();
        var day = calls.Where(c => c.AdmittedAt >= dayStart && c.AdmittedAt < dayStart.AddDays(1)).ToList();
        return new PastUsage(
            day.Sum(c => c.Requests),
            day.Sum(c => c.Tokens),
            [
                .. calls
                    .Where(c => c.AdmittedAt >= recentStart)
                    .Select(c => new PastCalls(UtcTime.ToStored(c.AdmittedAt), c.Requests, c.Tokens)),
            ]
        );
    }

    private DateOnly Today()
    {
        var day = DateOnly.FromDateTime(_desk.Time.GetUtcNow().UtcDateTime);
        return _latestDay = day > _latestDay ? day : _latestDay;
    }

    private IEnumerable<Counted> CountsOf(RateLimit limit, long tokens)
    {
        var (now, today) = (_desk.Time.GetTimestamp(), Today());
        var calls = _calls.Where(c => c.Limits.Any(l => CounterKey.Of(l, "u1") == CounterKey.Of(limit, "u1"))).ToList();
        var least = calls.Where(c => now - c.Time <= 60 * TimeSpan.TicksPerSecond).ToList();
        var most = calls.Where(c => now - c.Time < 61 * TimeSpan.TicksPerSecond).ToList();
        var day = calls.Where(c => DateOnly.FromDateTime(c.AdmittedAt) == today).ToList();
        var open = calls.Count(c => c.Lease is not null);
        return
        [
            .. Window(LimitWindow.RequestsPerMinute, limit.RequestsPerMinute, least.Sum(c => c.Requests), most.Sum(c => c.Requests), 1),
            .. Window(LimitWindow.TokensPerMinute, limit.TokensPerMinute, least.Sum(c => c.Tokens), most.Sum(c => c.Tokens), tokens),
            .. Window(LimitWindow.RequestsPerDay, limit.RequestsPerDay, day.Sum(c => c.Requests), day.Sum(c => c.Requests), 1),
            .. Window(LimitWindow.TokensPerDay, limit.TokensPerDay, day.Sum(c => c.Tokens), day.Sum(c => c.Tokens), tokens),
            .. Window(LimitWindow.MaxConcurrent, limit.MaxConcurrent, open, open, 1),
        ];

        IEnumerable<Counted> Window(LimitWindow window, long? max, long fewest, long most, long cost) =>
            max is null ? [] : [new Counted(limit, window, max.Value, fewest, most, cost)];
    }

    internal sealed class Call(long time, DateTime admittedAt, RateLimit[] limits)
    {
        public long Time { get; } = time;
        public DateTime AdmittedAt { get; } = admittedAt;
        public RateLimit[] Limits { get; } = limits;
        public long Requests { get; set; } = 1;
        public long Tokens { get; set; }
        public AdmissionLease? Lease { get; set; }
    }

    private sealed record Counted(RateLimit Limit, LimitWindow Window, long Max, long Least, long Most, long Cost);
}
