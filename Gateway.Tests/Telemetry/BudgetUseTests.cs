using Gateway.Telemetry;
using Gateway.Tests.Support;

namespace Gateway.Tests.Telemetry;

/// <summary>How full budgets are, without a name of any.</summary>
public sealed class BudgetUseTests
{
    private const long Cost = 7_500_000; // of sandbox-usage-1000-500, whatever was asked

    // Long enough that its bound covers the usage: above the bound of an enforced budget no usage is believed.
    private static readonly string Call = InferenceCalls.Chat(
        "sandbox-usage-1000-500",
        $",\"max_tokens\":500,\"user\":\"{new string('x', 1_000)}\""
    );

    [Theory]
    [InlineData(0, 100, "under_50")]
    [InlineData(49, 100, "under_50")]
    [InlineData(50, 100, "50_to_80")]
    [InlineData(80, 100, "80_to_95")]
    [InlineData(95, 100, "95_to_100")]
    [InlineData(99, 100, "95_to_100")]
    [InlineData(100, 100, "exhausted")]
    [InlineData(0, 0, "exhausted")]
    [InlineData(long.MaxValue, long.MaxValue, "exhausted")]
    [InlineData(long.MaxValue / 2, long.MaxValue, "under_50")]
    public void A_share_belongs_to_one_band(long spent, long cap, string band) =>
        Assert.Equal(band, BudgetBands.All[BudgetBands.Of(spent, cap)]);

    [Fact]
    public async Task Budgets_in_use_are_counted_by_scope_mode_and_share()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 100 * Cost);
        await hub.AddBudgetAsync(caller, Cost * 10 / 9, b => (b.UserId, b.Mode) = (caller.UserId, "shadow"));
        Assert.Equal(0, (await MetricsText.ScrapeAsync(hub)).Sum("oneui_budgets"));
        using var client = hub.NewClient(caller.Text);
        await client.ChatAsync(Call);
        var once = await MetricsText.ScrapeAsync(hub);
        Assert.Equal(
            (1, 1, 2),
            (In(once, "api_key", "enforce", "under_50"), In(once, "user", "shadow", "80_to_95"), once.Sum("oneui_budgets"))
        );
        await client.ChatAsync(Call);
        var twice = await MetricsText.ScrapeAsync(hub);
        Assert.Equal(
            (1, 1, 2),
            (In(twice, "api_key", "enforce", "under_50"), In(twice, "user", "shadow", "exhausted"), twice.Sum("oneui_budgets"))
        );
        Assert.Equal(4 * 2 * 5, twice.Samples.Count(s => s.Name == "oneui_budgets")); // as many series as there can be, from the start
    }

    private static double In(MetricsText scrape, string scope, string mode, string used) =>
        scrape.Sum("oneui_budgets", ("scope", scope), ("mode", mode), ("used", used));
}
