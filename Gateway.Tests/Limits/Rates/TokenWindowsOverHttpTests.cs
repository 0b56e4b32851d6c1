using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Rates;

/// <summary>
/// Limits on tokens as a newcomer meets them: the first call of every SDK passes, with whatever maximum its tool sets, and what was really
/// used counts.
/// </summary>
public sealed class TokenWindowsOverHttpTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private const string Png =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private HubHost Hub => shared.Hub;

    [Theory]
    [InlineData("")]
    [InlineData(",\"max_tokens\":null")]
    [InlineData(",\"max_tokens\":8192")]
    [InlineData(",\"max_tokens\":16384")]
    [InlineData(",\"max_completion_tokens\":100000")]
    [InlineData(",\"max_tokens\":16384,\"n\":4")]
    [InlineData(",\"stream\":true")]
    [InlineData(",\"stream\":true,\"max_tokens\":32000")]
    public async Task A_model_whose_answers_can_be_longer_than_the_limit_answers_the_first_hello(string more)
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerMinute = 10_000);
        var answer = await client.ChatAsync(InferenceCalls.Chat("gpt-4o", more));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("10000", answer.Header("x-ratelimit-limit-tokens"));
        Assert.InRange(long.Parse(answer.Header("x-ratelimit-remaining-tokens")!), 0, 9_990);
        await answer.Content.ReadAsStringAsync();
        var seen = (await client.AtRestAsync()).Rates.Single();
        var record = await Hub.RecordAsync(answer);
        Assert.Equal(record.Usage.Input + record.Usage.Output, seen.Used); // the truth
        Assert.Equal(10_000 - seen.Used, seen.Remaining);
    }

    [Theory, InlineData("key"), InlineData("user"), InlineData("tier"), InlineData("month")]
    public async Task So_it_is_with_every_limit_on_tokens(string scope)
    {
        var (caller, client) = await CallerAsync();
        switch (scope)
        {
            case "key":
                await Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerDay = 1_000);
                break;
            case "user":
                await Hub.AddRateLimitAsync(caller, l => (l.UserId, l.TokensPerMinute) = (caller.UserId, 1_000));
                break;
            case "tier":
                var tier = await Hub.AddTierAsync(caller);
                await Hub.AddRateLimitAsync(caller, l => (l.TierId, l.ModelId, l.TokensPerMinute) = (tier, Hub.ModelId("gpt-4o"), 1_000));
                break;
            default:
                await Hub.ChangeUserAsync(caller.UserId, u => u.MonthlyTokenLimit = 1_000);
                break;
        }
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("gpt-4o", ",\"max_tokens\":5000"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("gpt-4o"))).StatusCode);
    }

    [Fact]
    public async Task Ten_small_chats_at_once_pass_together()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerMinute = 100_000);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
    }

    [Fact]
    public async Task An_image_counts_as_images_usually_do_and_not_by_its_bound()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerMinute = 10_000);
        var answer = await client.ChatAsync(
            $$$"""
            {"model":"gpt-4o-mini","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"{{{Png}}}"}}]}]}
            """
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_bytes_of_media_are_no_text_of_the_prompt()
    {
        var bytes = new string('A', 400_000);
        foreach (
            var part in new[]
            {
                $$$"""{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{bytes}}}"}}""",
                $$$"""{"type":"input_audio","input_audio":{"format":"wav","data":"{{{bytes}}}"}}""",
                $$$"""{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,{{{bytes}}}"}}""",
                $$$"""{"type":"video_url","video_url":{"url":"data:video/mp4;base64,{{{bytes}}}"}}""",
            }
        )
        {
            var (caller, client) = await CallerAsync();
            await Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerMinute = 10_000);
            Assert.Equal(
                HttpStatusCode.OK,
                (
                    await client.ChatAsync($$"""{"model":"gpt-4o","max_tokens":20,"messages":[{"role":"user","content":[{{part}}]}]}""")
                ).StatusCode
            );
        }
    }

    [Fact]
    public async Task A_prompt_that_is_larger_than_the_limit_is_refused_with_its_size()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerMinute = 1_000);
        var body = InferenceCalls.Chat("gpt-4o").Replace("\"Hi\"", $"\"{new string('a', 100_000)}\"", StringComparison.Ordinal);
        var error = await LimitError.RateAsync(await client.ChatAsync(body), "tokens");
        Assert.Equal(("larger_than_limit", null, "false"), (error.Reason, error.RetryAfter, error.ShouldRetry));
        Assert.InRange(error.Needed, 1_001, 100_000);
        Assert.Contains($"about {error.Needed} tokens", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("max_tokens", error.Message, StringComparison.Ordinal); // a lower one would not help
    }

    [Fact]
    public async Task A_model_that_answers_at_length_is_taken_at_its_word_after_some_calls()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["TYPICAL_ANSWER_TOKENS"] = "10000" });
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.AddKeyRateLimitAsync(caller, l => l.TokensPerDay = 1_000_000_000);
        var first = Taken(await client.ChatAsync(InferenceCalls.Chat("gpt-4o")));
        for (var calls = 0; calls < 20; calls++)
        {
            await client.ChatAsync(InferenceCalls.Chat("gpt-4o"));
        }
        var last = await client.ChatAsync(InferenceCalls.Chat("gpt-4o"));
        Assert.InRange(first, 10_000, 10_100);
        Assert.InRange(Taken(last), 0, 3_000); // what the others used included

        static long Taken(HttpResponseMessage answer) => 1_000_000_000 - long.Parse(answer.Header("x-ratelimit-remaining-tokens")!);
    }

    private async Task<(TestKey Caller, HttpClient Client)> CallerAsync()
    {
        var caller = await Hub.AddCallerAsync();
        return (caller, Hub.NewClient(caller.Text));
    }
}
