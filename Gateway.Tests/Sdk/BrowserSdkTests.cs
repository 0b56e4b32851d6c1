using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Sdk;

/// <summary>OpenAI's JavaScript package in a real browser, on a page of another origin, against a gateway that allows any.</summary>
public sealed class BrowserSdkTests(Chromium browser) : IClassFixture<Chromium>
{
    [Fact]
    public async Task The_sdk_calls_streams_and_reads_errors_across_origins()
    {
        await using var site = await PageHost.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["CORS_ORIGINS"] = "*" });
        var limited = await hub.AddCallerAsync();
        await hub.AddKeyRateLimitAsync(limited, limit => limit.RequestsPerMinute = 1);
        await using var page = await browser.OpenAsync(site.Address);
        await page.UntilAsync("document.title === 'page'");

        var plain = await RunAsync(
            page,
            hub,
            hub.ApiKey,
            """
            const { data, response } = await client.chat.completions.create({ model: "sandbox-usage-1000-500", messages }).withResponse();
            return { tokens: data.usage.total_tokens, cost: response.headers.get("x-oneui-cost-usd"), id: response.headers.get("x-request-id") };
            """
        );
        Assert.Equal((1_500, "0.0075"), (plain.GetProperty("tokens").GetInt32(), plain.GetProperty("cost").GetString()));
        Assert.True(Guid.TryParse(plain.GetProperty("id").GetString(), out _));

        var text = await RunAsync(
            page,
            hub,
            hub.ApiKey,
            """
            let text = "";
            for await (const chunk of await client.chat.completions.create({ model: "sandbox-chat", messages, stream: true })) { text += chunk.choices[0]?.delta?.content ?? ""; }
            return text;
            """
        );
        Assert.StartsWith("Hello", text.GetString(), StringComparison.Ordinal);

        var refused = await RunAsync(
            page,
            hub,
            limited.Text,
            """
            await client.chat.completions.create({ model: "sandbox-chat", messages });
            try { await client.chat.completions.create({ model: "sandbox-chat", messages }); } catch (error) {
              return { name: error.constructor.name, status: error.status, code: error.code, wait: error.headers.get("retry-after"), limit: error.headers.get("x-ratelimit-limit-requests") };
            }
            """
        );
        Assert.Equal(
            (429, "rate_limit_exceeded", "1"),
            (refused.GetProperty("status").GetInt32(), refused.GetProperty("code").GetString(), refused.GetProperty("limit").GetString())
        );
        Assert.InRange(int.Parse(refused.GetProperty("wait").GetString()!, null), 1, 61); // a minute, rounded up
    }

    private static Task<JsonElement> RunAsync(BrowserPage page, HubHost hub, string key, string code) =>
        page.EvaluateAsync(
            $$"""
            (async () => {
              const { default: OpenAI } = await import("/openai/index.mjs");
              const client = new OpenAI({ apiKey: "{{key}}", baseURL: "{{new Uri(
                hub.Address,
                "v1"
            )}}", dangerouslyAllowBrowser: true, maxRetries: 0 });
              const messages = [{ role: "user", content: "Hello" }];
              {{code}}
            })()
            """
        );
}
