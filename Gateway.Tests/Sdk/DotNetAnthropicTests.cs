using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Gateway.Sandbox;
using Gateway.Tests.Support;

namespace Gateway.Tests.Sdk;

/// <summary>Anthropic's own .NET package against the running product.</summary>
public sealed class DotNetAnthropicTests(SdkHub sdk) : IClassFixture<SdkHub>
{
    private static readonly string UnknownKey = $"sk-hub-{new string('a', 16)}-{new string('a', 43)}";

    [Fact]
    public async Task A_message_is_answered_and_its_usage_is_what_is_charged()
    {
        var message = await NewClient().Messages.Create(Ask("claude-sonnet-4"));
        Assert.True(message.Content[0].TryPickText(out var text));
        Assert.StartsWith("Hello", text.Text, StringComparison.Ordinal);
        var record = await sdk.Hub.RecordAsync(sdk.CallsOf("claude-sonnet-4")[^1].CallId);
        Assert.Equal((message.Usage.InputTokens, message.Usage.OutputTokens), (record.Usage.Input, record.Usage.Output));
    }

    [Fact]
    public async Task A_token_works_in_place_of_a_key()
    {
        using var client = new AnthropicClient
        {
            BaseUrl = BaseUrl,
            ApiKey = null,
            AuthToken = sdk.Hub.ApiKey,
            MaxRetries = 0,
        };
        Assert.NotEmpty((await client.Messages.Create(Ask("claude-sonnet-4"))).Content);
    }

    [Fact]
    public async Task A_stream_is_read_to_its_end()
    {
        var events = await NewClient().Messages.CreateStreaming(Ask("claude-sonnet-4")).ToListAsync();
        Assert.StartsWith("Hello", string.Concat(events.Select(TextOf)), StringComparison.Ordinal);
        Assert.Contains(events, e => e.TryPickStop(out _));
    }

    [Fact]
    public async Task A_tool_is_called_and_its_result_answered()
    {
        var tool = new Tool
        {
            Name = "get_weather",
            Description = "Tells the weather.",
            InputSchema = new InputSchema
            {
                Properties = new Dictionary<string, System.Text.Json.JsonElement>
                {
                    ["city"] = System.Text.Json.JsonSerializer.SerializeToElement(new { type = "string" }),
                },
            },
        };
        var asked = await NewClient().Messages.Create(Ask("sandbox-tools") with { Tools = [tool] });
        ToolUseBlock? use = null;
        Assert.Contains(asked.Content, block => block.TryPickToolUse(out use));
        Assert.Equal("Bern", use!.Input["city"].GetString());

        var told = await NewClient()
            .Messages.Create(
                Ask("sandbox-tools") with
                {
                    Tools = [tool],
                    Messages =
                    [
                        new UserMessageParam("Weather in Bern?"),
                        new AssistantMessageParam(
                            new List<ContentBlockParam>
                            {
                                new ToolUseBlockParam
                                {
                                    ID = use.ID,
                                    Name = use.Name,
                                    Input = use.Input,
                                },
                            }
                        ),
                        new UserMessageParam(
                            new List<ContentBlockParam>
                            {
                                new ToolResultBlockParam { ToolUseID = use.ID, Content = "12 degrees" },
                            }
                        ),
                    ],
                }
            );
        Assert.True(told.Content[0].TryPickText(out _));
    }

    [Fact]
    public async Task Tokens_are_counted()
    {
        var count = await NewClient()
            .Messages.CountTokens(new MessageCountTokensParams { Model = "claude-sonnet-4", Messages = [new UserMessageParam("Hello")] });
        Assert.True(count.InputTokens > 0);
    }

    [Fact]
    public async Task Models_are_listed() =>
        Assert.Contains((await NewClient().Models.List()).Items, model => model.ID == "claude-sonnet-4");

    [Fact]
    public async Task An_unknown_key_is_an_unauthorized_exception()
    {
        var error = await Assert.ThrowsAsync<AnthropicUnauthorizedException>(() => Create("claude-sonnet-4", UnknownKey));
        Assert.Contains("API key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_model_that_the_key_may_not_use_is_a_forbidden_exception() =>
        Assert.ThrowsAsync<AnthropicForbiddenException>(() => Create("claude-sonnet-4", sdk.RestrictedKey));

    [Fact]
    public Task An_unknown_model_is_a_not_found_exception() => Assert.ThrowsAsync<AnthropicNotFoundException>(() => Create("nope"));

    [Fact]
    public Task The_upstreams_400_is_a_bad_request_exception() =>
        Assert.ThrowsAsync<AnthropicBadRequestException>(() => Create("sandbox-status-400"));

    [Fact]
    public Task The_upstreams_500_is_a_5xx_exception() => Assert.ThrowsAnyAsync<Anthropic5xxException>(() => Create("sandbox-status-500"));

    [Fact]
    public async Task Money_that_is_used_up_is_a_rate_limit_exception_and_never_reaches_the_upstream()
    {
        var error = await Assert.ThrowsAnyAsync<AnthropicRateLimitException>(() => Create("sandbox-crlf", sdk.BrokeKey));
        Assert.Contains("budget of this API key", error.Message, StringComparison.Ordinal);
        Assert.Empty(sdk.CallsOf("sandbox-crlf"));
    }

    [Fact]
    public async Task A_call_above_the_limit_is_tried_again_and_passes()
    {
        var log = new StatusLog();
        using var client = NewClient(sdk.LimitedKey, retries: 5, new HttpClient(log));
        using var http = sdk.Hub.NewClient(sdk.LimitedKey);
        Task<Message> answer;
        using (await http.OpenStreamAsync(InferenceCalls.Stream("sandbox-endless")))
        {
            answer = client.Messages.Create(Ask("claude-sonnet-4"));
            await Eventually.TrueAsync(() => Task.FromResult(log.Statuses is [429]), "the SDK was refused once");
        }
        Assert.NotEmpty((await answer).Content);
        Assert.Equal([429, 200], log.Statuses);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again()
    {
        await Assert.ThrowsAnyAsync<AnthropicApiException>(() => NewClient(retries: 1).Messages.Create(Ask("sandbox-status-503-retry-1")));
        Assert.Equal(2, sdk.CallsOf("sandbox-status-503-retry-1").Count);
    }

    [Fact]
    public async Task An_error_inside_a_stream_is_thrown()
    {
        var events = new List<RawMessageStreamEvent>();
        var error = await Assert.ThrowsAnyAsync<AnthropicException>(async () =>
        {
            await foreach (var one in NewClient().Messages.CreateStreaming(Ask("sandbox-error-event")))
            {
                events.Add(one);
            }
        });
        Assert.Contains("error while processing", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(string.Concat(events.Select(TextOf)));
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_stream_upstream()
    {
        using var leave = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var one in NewClient().Messages.CreateStreaming(Ask("sandbox-trickle"), leave.Token))
            {
                if (TextOf(one) is not null)
                {
                    await leave.CancelAsync();
                }
            }
        });
        await Eventually.TrueAsync(
            () => Task.FromResult(sdk.CallsOf("sandbox-trickle")[^1].Outcome == SandboxOutcome.ClientLeft),
            "the upstream sees that the reader left"
        );
    }

    private string BaseUrl => sdk.Hub.Address.ToString().TrimEnd('/');

    private static MessageCreateParams Ask(string model) =>
        new()
        {
            Model = model,
            MaxTokens = 100,
            Messages = [new UserMessageParam("Hello")],
        };

    private static string? TextOf(RawMessageStreamEvent one) =>
        one.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var text) ? text.Text : null;

    private AnthropicClient NewClient(string? key = null, int retries = 0, HttpClient? http = null) =>
        new()
        {
            HttpClient = http ?? new HttpClient(),
            BaseUrl = BaseUrl,
            ApiKey = key ?? sdk.Hub.ApiKey,
            AuthToken = null,
            MaxRetries = retries,
        };

    private Task<Message> Create(string model, string? key = null) => NewClient(key).Messages.Create(Ask(model));
}
