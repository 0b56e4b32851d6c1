using System.Net;
using System.Text;
using Gateway.Sandbox;
using Gateway.Sandbox.Scenarios;

namespace Gateway.Tests.Sandbox;

public sealed class SandboxScenarioTests : IAsyncLifetime
{
    private SandboxHost _sandbox = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(new SandboxOptions { EndlessChunks = 2_000_000 });
        _client = _sandbox.CreateClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Split_stream_is_cut_at_every_so_many_bytes_and_whole_in_the_end(int bytes)
    {
        var answer = await _sandbox.RawChatAsync("sandbox-split-" + bytes, stream: true, usage: true);
        Assert.All(answer.Chunks.SkipLast(1), chunk => Assert.Equal(bytes, chunk.Length));
        Assert.True(answer.Ended);
        var plain = await (await _client.PostChatAsync("sandbox-multibyte")).ReadJsonAsync();
        Assert.Equal(plain["choices"]![0]!["message"]!["content"]!.GetValue<string>(), SandboxCalls.TextOf(answer.Text.Events()));
        Assert.EndsWith("data: [DONE]\n\n", answer.Text);
    }

    [Fact]
    public async Task Carriage_returns_end_every_line()
    {
        var answer = await _sandbox.RawChatAsync("sandbox-crlf", stream: true);
        Assert.All(answer.ChunkTexts, text => Assert.EndsWith("}\r\n\r\n", text.Replace("[DONE]", "}")));
    }

    [Fact]
    public async Task Dropped_stream_ends_without_its_end_after_four_chunks()
    {
        var answer = await _sandbox.RawChatAsync("sandbox-drop-mid-stream", stream: true);
        Assert.False(answer.Ended);
        Assert.Equal("Hello from the ", SandboxCalls.TextOf(answer.Text.Events()));
        var call = Assert.Single(_sandbox.Ledger.Calls());
        Assert.Equal((SandboxOutcome.Faulted, 4, 3), (call.Outcome, call.ChunksSent, call.Usage.CompletionTokens));
    }

    [Fact]
    public async Task Dropped_stream_is_a_failure_for_the_client()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, SandboxCalls.Chat)
        {
            Content = SandboxCalls.Json(SandboxCalls.ChatBody("sandbox-drop-mid-stream", stream: true)),
        };
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("sandbox-drop-mid-body", true)]
    [InlineData("sandbox-drop-mid-body", false)]
    [InlineData("sandbox-drop-mid-stream", false)]
    [InlineData("sandbox-reset-mid-stream", true)]
    public async Task Body_that_breaks_off_is_not_whole(string model, bool stream)
    {
        var answer = await _sandbox.RawChatAsync(model, stream);
        Assert.False(answer.Ended);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Drop_before_headers_sends_nothing(bool stream)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.PostChatAsync("sandbox-drop-before-headers", stream));
        Assert.Equal(0, Assert.Single(_sandbox.Ledger.Calls()).Status);
    }

    [Fact]
    public async Task Malformed_json_has_a_length_but_no_end()
    {
        var answer = await _sandbox.RawChatAsync("sandbox-malformed-json");
        Assert.True(answer.Ended);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonShape.Of(answer.Text));
    }

    [Fact]
    public async Task Malformed_json_in_a_stream_is_one_bad_event_among_good_ones()
    {
        var answer = await _sandbox.RawChatAsync("sandbox-malformed-json", stream: true);
        Assert.Single(
            answer.ChunkTexts,
            text => text.StartsWith("data: {", StringComparison.Ordinal) && !text.EndsWith("}\n\n", StringComparison.Ordinal)
        );
        Assert.Equal("data: [DONE]\n\n", answer.ChunkTexts[^1]);
    }

    [Fact]
    public async Task Stream_without_done_just_ends()
    {
        var answer = await _sandbox.RawChatAsync("sandbox-no-done", stream: true);
        Assert.True(answer.Ended);
        Assert.DoesNotContain("[DONE]", answer.Text);
    }

    [Fact]
    public async Task Comments_come_between_events_and_hide_the_headers()
    {
        var answer = await _sandbox.RawChatAsync("sandbox-comments", stream: true);
        Assert.Equal(": ping\n\n", answer.ChunkTexts[0]);
        Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("x-litellm-", StringComparison.Ordinal));
        Assert.Equal(
            8,
            answer
                .Text.Events()
                .Count(chunk => chunk["choices"]![0]!["delta"]!["content"] is { } text && text.GetValue<string>().Length > 0)
        );
    }

    [Fact]
    public async Task Usage_on_every_chunk_counts_up()
    {
        var events = (await _sandbox.RawChatAsync("sandbox-usage-each", stream: true, usage: true)).Text.Events();
        var counts = events
            .Where(chunk => chunk["usage"] is not null)
            .Select(chunk => chunk["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 8], counts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_usage_tells_none(bool stream)
    {
        var answer = await _sandbox.RawChatAsync("sandbox-no-usage", stream, usage: stream);
        Assert.DoesNotContain("\"usage\"", answer.Text);
        Assert.Equal((8, false), (_sandbox.Ledger.Calls()[0].Usage.CompletionTokens, _sandbox.Ledger.Calls()[0].UsageReported));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Empty_answer_has_no_content_and_no_usage(bool stream)
    {
        var answer = await _sandbox.RawChatAsync("sandbox-empty", stream, usage: stream);
        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain("usage", answer.Text);
        Assert.DoesNotContain("Hello", answer.Text);
    }

    [Theory]
    [InlineData("sandbox-null-body", 200, "application/json")]
    [InlineData("sandbox-wrong-content-type", 200, "text/html")]
    [InlineData("sandbox-html-error", 502, "text/html")]
    [InlineData("sandbox-empty-error", 500, "text/plain")]
    [InlineData("sandbox-redirect", 307, "application/json")]
    [InlineData("sandbox-budget-exceeded", 422, "application/json")]
    [InlineData("sandbox-status-418", 418, "application/json")]
    public async Task Odd_answers_are_the_same_plain_and_streamed(string model, int status, string contentType)
    {
        foreach (var stream in (bool[])[false, true])
        {
            using var answer = await _client.PostChatAsync(model, stream);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(contentType, answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("sandbox-status-429-retry-7", 429, "throttling_error")]
    [InlineData("sandbox-status-503-retry-7", 503, "overloaded_error")]
    public async Task LiteLlm_refusals_say_when_to_come_again(string model, int status, string type)
    {
        using var answer = await _client.PostChatAsync(model);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
        Assert.Equal(type, (await answer.ReadJsonAsync())["error"]!["type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("sandbox-chat", 3, 3, "length")]
    [InlineData("sandbox-chat", 8, 8, "stop")]
    [InlineData("sandbox-reasoning-250", 100, 100, "length")]
    [InlineData("sandbox-ignores-max-tokens", 3, 200, "stop")]
    public async Task Maximum_cuts_the_answer_unless_it_is_ignored(string model, int maximum, int tokens, string reason)
    {
        var answer = await (
            await _client.PostChatAsync(model, more: $",\"max_completion_tokens\":{maximum},\"max_tokens\":1")
        ).ReadJsonAsync();
        Assert.Equal(tokens, answer["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal(reason, answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Large_answer_has_the_size_in_its_name()
    {
        var answer = await (await _client.PostChatAsync("sandbox-large-64")).ReadJsonAsync();
        Assert.Equal(64 * 1024, Encoding.UTF8.GetByteCount(answer["choices"]![0]!["message"]!["content"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Any_model_calls_a_tool_that_is_required()
    {
        var answer = await (
            await _client.PostChatAsync(
                "gpt-4o",
                more: ",\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look_up\"}}]"
            )
        ).ReadJsonAsync();
        Assert.Equal("look_up", answer["choices"]![0]!["message"]!["tool_calls"]![0]!["function"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Endless_stream_ends_when_the_caller_leaves()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, SandboxCalls.Chat)
        {
            Content = SandboxCalls.Json(SandboxCalls.ChatBody("sandbox-endless", stream: true, more: ",\"max_tokens\":5")),
        };
        using (var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.ReadAtLeastAsync(new byte[100_000], 100_000);
        }
        await _sandbox.Ledger.WaitForIdleAsync().WaitAsync(SandboxCalls.Patience);
        var call = Assert.Single(_sandbox.Ledger.Calls());
        Assert.Equal(SandboxOutcome.ClientLeft, call.Outcome);
        Assert.True(call.ContentBytesSent > 1000);
        Assert.Equal(call.ChunksSent - 1, call.Usage.CompletionTokens);
    }

    [Theory]
    [InlineData("sandbox-hang", false)]
    [InlineData("sandbox-hang", true)]
    [InlineData("sandbox-stall", false)]
    public async Task Silence_before_the_answer_lasts_until_the_caller_leaves(string model, bool stream)
    {
        using var patience = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, SandboxCalls.Chat)
        {
            Content = SandboxCalls.Json(SandboxCalls.ChatBody(model, stream)),
        };
        var sent = _client.SendAsync(request, patience.Token);
        await _sandbox.Ledger.WaitForArrivalAsync(1).WaitAsync(SandboxCalls.Patience);
        Assert.Equal(SandboxOutcome.Open, _sandbox.Ledger.Calls()[0].Outcome);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        await _sandbox.Ledger.WaitForIdleAsync().WaitAsync(SandboxCalls.Patience);
        Assert.Equal((SandboxOutcome.ClientLeft, 0), (_sandbox.Ledger.Calls()[0].Outcome, _sandbox.Ledger.Calls()[0].Usage.PromptTokens));
    }

    [Fact]
    public async Task Stalled_stream_is_silent_after_four_chunks()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, SandboxCalls.Chat)
        {
            Content = SandboxCalls.Json(SandboxCalls.ChatBody("sandbox-stall", stream: true)),
        };
        using (var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
            for (var chunks = 0; chunks < 4; chunks++)
            {
                Assert.StartsWith("data: {", await lines.ReadLineAsync());
                Assert.Equal("", await lines.ReadLineAsync());
            }
            Assert.Equal(SandboxOutcome.Open, _sandbox.Ledger.Calls()[0].Outcome);
        }
        await _sandbox.Ledger.WaitForIdleAsync().WaitAsync(SandboxCalls.Patience);
        Assert.Equal((SandboxOutcome.ClientLeft, 4), (_sandbox.Ledger.Calls()[0].Outcome, _sandbox.Ledger.Calls()[0].ChunksSent));
    }

    [Fact]
    public async Task Timeout_of_the_caller_ends_a_slow_call_with_408()
    {
        _client.DefaultRequestHeaders.Add("x-litellm-timeout", "0.05");
        using var answer = await _client.PostChatAsync("sandbox-hang");
        Assert.Equal(HttpStatusCode.RequestTimeout, answer.StatusCode);
        Assert.Contains("timeout value=0.05", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Stopping_the_sandbox_ends_calls_that_hang()
    {
        var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        using var client = sandbox.CreateClient();
        var call = client.PostChatAsync("sandbox-hang");
        await sandbox.Ledger.WaitForArrivalAsync(1).WaitAsync(SandboxCalls.Patience);
        await sandbox.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task First_byte_waits_for_the_clock()
    {
        var time = new SteppedTime();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions(), time);
        using var client = sandbox.CreateClient();
        var call = client.PostChatAsync("sandbox-slow-first-byte-700", stream: true);
        await time.StepAsync(TimeSpan.FromMilliseconds(699));
        Assert.False(call.IsCompleted);
        await time.StepAsync(TimeSpan.FromMilliseconds(1));
        using var answer = await call;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/v1/completions", "\"prompt\":[\"a\",\"b\"]", "sandbox-chat")]
    [InlineData("/v1/embeddings", "\"input\":\"a\"", "sandbox-chat")]
    [InlineData("/v1/embeddings", "\"input\":\"a\"", "sandbox-status-500")]
    [InlineData("/v1/embeddings", "\"input\":\"a\"", "sandbox-malformed-json")]
    [InlineData("/v1/completions", "\"prompt\":\"a\",\"stream\":true", "sandbox-error-event")]
    [InlineData("/v1/completions", "\"prompt\":\"a\",\"stream\":true", "sandbox-empty")]
    public async Task Scenarios_work_on_every_api(string path, string members, string model)
    {
        var answer = await RawExchange.SendAsync(
            _sandbox.BaseAddress,
            "POST",
            path,
            $$"""{"model":"{{model}}",{{members}}}""",
            ("Authorization", "Bearer " + _sandbox.ApiKey)
        );
        Assert.True(answer.Ended);
        Assert.Equal(model == "sandbox-status-500" ? 500 : 200, answer.Status);
    }

    [Fact]
    public async Task Completion_answers_each_prompt()
    {
        var body = """{"model":"sandbox-chat","prompt":["a","b"],"n":3}""";
        using var response = await _client.PostAsync("/v1/completions", SandboxCalls.Json(body));
        var answer = await response.ReadJsonAsync();
        Assert.Equal(6, answer["choices"]!.AsArray().Count);
        Assert.Equal(48, answer["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Embedding_is_the_same_in_both_encodings_and_for_the_same_text()
    {
        async Task<System.Text.Json.Nodes.JsonNode> EmbedAsync(string members) =>
            (
                await (
                    await _client.PostAsync("/v1/embeddings", SandboxCalls.Json($$"""{"model":"text-embedding-3-small",{{members}}}"""))
                ).ReadJsonAsync()
            )["data"]!;
        var floats = (await EmbedAsync("\"input\":[\"one\",\"two\"],\"dimensions\":5"))[1]!["embedding"]!
            .AsArray()
            .Select(value => value!.GetValue<float>())
            .ToArray();
        var bytes = Convert.FromBase64String(
            (await EmbedAsync("\"input\":\"two\",\"dimensions\":5,\"encoding_format\":\"base64\""))[0]!["embedding"]!.GetValue<string>()
        );
        Assert.Equal(5, floats.Length);
        Assert.Equal(floats.SelectMany(BitConverter.GetBytes), bytes);
    }

    [Fact]
    public void Every_catalogue_name_finds_its_scenario()
    {
        Assert.All(
            ScenarioTable.Rows.SelectMany(row => row.CatalogueNames),
            name => Assert.True(ScenarioTable.TryParse(name, new SandboxOptions(), out _), name)
        );
    }

    [Theory]
    [InlineData("sandbox-")]
    [InlineData("sandbox-chunks-")]
    [InlineData("sandbox-chunks-x")]
    [InlineData("sandbox-chunks--5")]
    [InlineData("sandbox-chunks-99999999999")]
    [InlineData("sandbox-chat-5")]
    public void Other_names_are_no_scenario(string name) => Assert.False(ScenarioTable.TryParse(name, new SandboxOptions(), out _));

    [Fact]
    public void Readme_lists_every_scenario()
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "Gateway.Sandbox", "README.md"));
        Assert.All(ScenarioTable.Rows, row => Assert.Contains("`" + row.Pattern.Replace("{}", "{n}") + "`", readme));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OneUIHub.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }
        return folder;
    }
}
