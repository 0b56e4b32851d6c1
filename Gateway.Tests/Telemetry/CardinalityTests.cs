using System.Text;
using Gateway.Tests.Support;

namespace Gateway.Tests.Telemetry;

/// <summary>Whatever clients write, the number of series stays.</summary>
public sealed class CardinalityTests
{
    [Fact]
    public async Task A_flood_of_models_keys_and_paths_makes_no_series()
    {
        await using var hub = await HubHost.StartAsync();
        await FloodAsync(hub, "warm", 8);
        await Eventually.TrueAsync(
            async () => (await MetricsText.ScrapeAsync(hub)).Sum("oneui_writer_batch_size_count") > 0,
            "the writer has written"
        ); // a scrape is a request too
        var before = await MetricsText.ScrapeAsync(hub);
        await FloodAsync(hub, "flood", 150);
        var after = await MetricsText.ScrapeAsync(hub);
        Assert.Equal(SeriesOf(before), SeriesOf(after));
        Assert.DoesNotContain("flood", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("otel_metric_overflow", after.Text, StringComparison.Ordinal);
    }

    // Exceptions and connections come and go by themselves.
    private static List<string> SeriesOf(MetricsText scrape) =>
        [
            .. scrape
                .Samples.Where(s =>
                    !s.Name.StartsWith("dotnet_", StringComparison.Ordinal)
                    && !s.Name.StartsWith("http_client_", StringComparison.Ordinal)
                    && !s.Name.StartsWith("kestrel_connection_", StringComparison.Ordinal)
                )
                .Select(s => s.Name + string.Join(',', s.Labels.OrderBy(l => l.Key).Select(l => $"{l.Key}={l.Value}")))
                .Order(),
        ];

    private static async Task FloodAsync(HubHost hub, string word, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var text = $"{word}-{i}-{Guid.NewGuid():N}";
            using var model = await hub.Client.ChatAsync(InferenceCalls.Chat(text));
            using var stranger = hub.NewClient($"sk-hub-{text}");
            using var key = await stranger.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
            using var path = await hub.Client.GetAsync($"/v1/{text}?{text}={text}");
            using var other = await hub.Client.SendAsync(new HttpRequestMessage(new HttpMethod("X" + i % 1000), $"/{text}"));
            using var tagged = InferenceCalls.Post(
                InferenceCalls.ChatPath,
                Encoding.UTF8.GetBytes(InferenceCalls.Chat("gpt-4o-mini", $",\"user\":\"{text}\""))
            );
            tagged.Headers.Add("x-request-id", text);
            tagged.Headers.UserAgent.ParseAdd(text);
            using var call = await hub.Client.SendAsync(tagged);
        }
    }
}
