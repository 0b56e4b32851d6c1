using System.ClientModel;
using System.ClientModel.Primitives;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using OpenAI;
using OpenAI.Chat;

namespace Gateway.Tests.Sdk;

/// <summary>OpenAI's own .NET package at a limit: it waits as it is told, and passes when there is room.</summary>
public sealed class DotNetSdkLimitTests(DotNetSdkLimitTests.Fixture fixture) : IClassFixture<DotNetSdkLimitTests.Fixture>
{
    [Fact]
    public async Task A_call_above_the_limit_is_tried_again_after_the_wait_and_passes()
    {
        var caller = await fixture.Hub.AddCallerAsync();
        await fixture.Hub.AddKeyRateLimitAsync(caller, l => l.MaxConcurrent = 1);
        using var http = fixture.Hub.NewClient(caller.Text);
        Task<ClientResult<ChatCompletion>> answer;
        DateTime refused;
        using (await http.OpenStreamAsync(InferenceCalls.Stream("sandbox-endless")))
        {
            answer = AskAsync(caller, "sandbox-chat", retries: 3);
            await Eventually.TrueAsync(() => Task.FromResult(fixture.Answers.Of(caller.Text).Contains(429)), "the SDK was refused once");
            refused = DateTime.UtcNow;
        }
        Assert.Equal("stop", (await answer).Value.FinishReason.ToString(), ignoreCase: true);
        Assert.InRange(DateTime.UtcNow - refused, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10)); // Retry-After: 1
        Assert.Equal([200, 429, 200], fixture.Answers.Of(caller.Text));
    }

    [Fact]
    public async Task The_first_hello_is_answered_under_a_limit_below_the_models_longest_answer()
    {
        var caller = await fixture.Hub.AddCallerAsync();
        await fixture.Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerMinute = 10_000);
        Assert.Equal("stop", (await AskAsync(caller, "gpt-4o", retries: 0)).Value.FinishReason.ToString(), ignoreCase: true);
        Assert.Equal([200], fixture.Answers.Of(caller.Text));
    }

    [Fact]
    public async Task Money_that_is_used_up_reaches_the_caller_as_insufficient_quota_and_never_the_upstream()
    {
        var caller = await fixture.Hub.AddCallerAsync();
        await fixture.Hub.AddKeyBudgetAsync(caller, 1_000);
        var error = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(caller, "sandbox-multibyte", retries: 1));
        Assert.Equal(429, error.Status);
        Assert.Contains("insufficient_quota", error.Message, StringComparison.Ordinal);
        // This SDK goes by the status alone and knows no x-should-retry: it tries as often as it was set to, without a long sleep, because
        // there is no Retry-After.
        Assert.Equal([429, 429], fixture.Answers.Of(caller.Text));
        Assert.Equal(0, fixture.Hub.Sandbox!.Ledger.Calls().Count(c => c.Model == "sandbox-multibyte"));
    }

    private Task<ClientResult<ChatCompletion>> AskAsync(TestKey caller, string model, int retries) =>
        new OpenAIClient(
            new ApiKeyCredential(caller.Text),
            new OpenAIClientOptions { Endpoint = new Uri(fixture.Hub.Address, "v1"), RetryPolicy = new ClientRetryPolicy(retries) }
        )
            .GetChatClient(model)
            .CompleteChatAsync([new UserChatMessage("Hello")]);

    public sealed class Fixture : IAsyncLifetime
    {
        public HubHost Hub { get; private set; } = null!;

        internal AnswerLog Answers { get; } = new();

        public async Task InitializeAsync() =>
            Hub = await HubHost.StartAsync(configure: b => b.Services.AddSingleton<IStartupFilter>(Answers));

        public Task DisposeAsync() => Hub.DisposeAsync().AsTask();
    }
}
