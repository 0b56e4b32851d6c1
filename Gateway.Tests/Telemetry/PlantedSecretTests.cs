using System.Text;
using System.Text.RegularExpressions;
using Gateway.Core.Keys;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Telemetry;

/// <summary>
/// Secrets planted wherever a client, an operator or an upstream can put them are looked for in all that the process tells about itself.
/// </summary>
[Collection(TracingCollection.Name)]
public sealed class PlantedSecretTests
{
    private static int _number;

    [Fact]
    public async Task No_key_prompt_or_answer_is_in_logs_metrics_or_traces()
    {
        var log = new LogCapture();
        await using var collector = await OtlpReceiver.StartAsync();
        await using var upstream = await FakeUpstream.StartAsync();
        var secrets = new List<string>();
        await using (
            var hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string>
                {
                    ["LITELLM_BASE_URL"] = upstream.Address.ToString(),
                    ["LITELLM_API_KEY"] = Plant(secrets),
                    ["METRICS_TOKEN"] = Plant(secrets),
                    ["JWT_SECRET"] = Plant(secrets) + Base62.Random(40),
                    ["ADMIN_EMAIL"] = "admin@example.org",
                    ["ADMIN_PASSWORD"] = Plant(secrets),
                    ["TRACE_SAMPLE_RATIO"] = "1",
                },
                configure: builder =>
                {
                    builder.Logging.AddProvider(log);
                    collector.Configure(builder);
                }
            )
        )
        {
            var metricsToken = secrets[1];
            var caller = await hub.AddCallerAsync();
            secrets.Add(caller.Text);
            secrets.Add(caller.Text[^20..]);
            using var client = hub.NewClient(caller.Text);
            await CallsAsync(client, upstream, secrets);
            using var scraper = hub.NewClient(metricsToken);
            var metrics = await scraper.GetStringAsync("/metrics");
            Assert.Contains("oneui_requests_total", metrics, StringComparison.Ordinal);
            AssertNone(secrets, "metrics", metrics);
        }
        var told = string.Join('\n', log.Entries.Select(e => $"{e.Text} {string.Join(' ', e.Values.Select(v => $"{v.Key}={v.Value}"))}"));
        Assert.Contains("chat_completions fake ok 200", told, StringComparison.Ordinal);
        AssertNone(secrets, "logs", told);
        var traces = string.Concat(collector.Bodies.Select(Encoding.Latin1.GetString));
        Assert.Contains("gen_ai.request.model", traces, StringComparison.Ordinal);
        AssertNone(secrets, "traces", traces);
    }

    private static async Task CallsAsync(HttpClient client, FakeUpstream upstream, List<string> secrets)
    {
        var answer = Plant(secrets);
        Func<HttpContext, Task>[] answers =
        [
            http =>
                FakeUpstream.JsonAsync(
                    http,
                    FakeUpstream
                        .PlainAnswer.Replace("Hello", answer, StringComparison.Ordinal)
                        .Replace("answer-1", answer, StringComparison.Ordinal)
                ),
            http => FakeUpstream.JsonAsync(http, $$$"""{"error":{"message":"{{{answer}}}","type":"{{{answer}}}","code":"500"}}""", 500),
            http => FakeUpstream.JsonAsync(http, answer),
            async http =>
            {
                FakeUpstream.BeginStream(http);
                await FakeUpstream.EventAsync(http, FakeUpstream.Chunk(answer));
                http.Abort();
            },
            http =>
            {
                http.Abort();
                return Task.CompletedTask;
            },
        ];
        foreach (var next in answers)
        {
            upstream.Answer = next;
            var prompt = Plant(secrets);
            foreach (
                var body in new[]
                {
                    $$$"""{"model":"fake","messages":[{"role":"user","content":"{{{prompt}}}"}],"user":"{{{prompt}}}","metadata":{"x":"{{{prompt}}}"}}""",
                    $$"""{"model":"fake","stream":true,"messages":[{"role":"user","content":"{{prompt}}"}]}""",
                    $$"""{"model":"{{prompt}}","messages":[]}""",
                    $$"""{"{{prompt}}":""",
                }
            )
            {
                using var request = InferenceCalls.Post($"{InferenceCalls.ChatPath}?key={prompt}", body);
                request.Headers.Add("x-request-id", prompt);
                request.Headers.Add("traceparent", $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01");
                request.Headers.Add("tracestate", $"a={prompt}");
                request.Headers.Add("baggage", $"a={prompt}");
                request.Headers.UserAgent.ParseAdd(prompt);
                try
                {
                    using var got = await client.SendAsync(request);
                    await got.Content.ReadAsStringAsync();
                }
                catch (HttpRequestException)
                {
                    // An answer that breaks off: what is looked for is what the gateway said of it.
                }
            }
            using var lost = await client.GetAsync($"/v1/{prompt}/x?api_key={prompt}");
            using var login = await client.PostAsync(
                "/api/v1/auth/login",
                new StringContent($$"""{"email":"admin@example.org","password":"{{prompt}}"}""", Encoding.UTF8, "application/json")
            );
        }
    }

    private static string Plant(List<string> secrets)
    {
        var secret = $"planted{Interlocked.Increment(ref _number)}x{Base62.Random(16)}";
        secrets.Add(secret);
        return secret;
    }

    private static void AssertNone(List<string> secrets, string where, string text)
    {
        var found = secrets.Where(s => text.Contains(s, StringComparison.OrdinalIgnoreCase)).ToList();
        var lines = text.Split('\n').Where(l => found.Any(f => l.Contains(f, StringComparison.OrdinalIgnoreCase))).Take(3);
        Assert.True(
            found.Count == 0,
            $"{where} tell {found.Count} secrets: {string.Join('\n', lines.Select(l => Regex.Replace(l, "[^ -~]", " ")))}"
        );
    }
}
