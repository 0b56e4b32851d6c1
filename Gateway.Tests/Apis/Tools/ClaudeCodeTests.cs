using Gateway.Tests.Sdk;

namespace Gateway.Tests.Apis.Tools;

/// <summary>Claude Code itself, without a terminal, with the settings of <c>docs/clients.md</c>.</summary>
public sealed class ClaudeCodeTests(ToolHub tools) : IClassFixture<ToolHub>
{
    [Fact]
    public async Task Prompt_is_answered_and_charged()
    {
        var run = await tools.ClaudeAsync(tools.Hub.ApiKey, model: null, "-p", "Say hello");
        AssertEnded(run, 0);
        Assert.Contains("Hello from the sandbox provider", run.Output, StringComparison.Ordinal);
        var record = (await tools.RecordsOfAsync("claude-sonnet-4", 1))[^1];
        Assert.Equal(
            ("anthropic_messages", "ok", "reported", true),
            (record.CallType, record.Outcome, record.UsageSource, record.IsStream)
        );
    }

    [Fact]
    public async Task Stream_comes_piece_by_piece()
    {
        var run = await tools.ClaudeAsync(
            tools.Hub.ApiKey,
            "sandbox-chat",
            ["-p", "Say hello", "--output-format", "stream-json", "--verbose", "--include-partial-messages"]
        );
        AssertEnded(run, 0);
        Assert.Equal(8, run.Output.Split("\"type\":\"text_delta\"").Length - 1);
    }

    [Fact]
    public async Task Tool_is_called_and_its_result_sent_back()
    {
        var run = await tools.ClaudeAsync(tools.Hub.ApiKey, "sandbox-tools", "-p", "Read it", "--tools", "Read");
        AssertEnded(run, 0);
        Assert.Contains("Hello from the sandbox provider", run.Output, StringComparison.Ordinal);
        Assert.All(await tools.RecordsOfAsync("sandbox-tools", 2), r => Assert.Equal(("ok", "reported"), (r.Outcome, r.UsageSource)));
    }

    [Fact]
    public async Task Used_up_money_is_told_once_and_not_tried_again()
    {
        var before = tools.Hub.Sandbox!.Ledger.Calls().Count;
        var run = await tools.ClaudeAsync(tools.BrokeKey, "sandbox-cached", "-p", "Say hello");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("budget", run.Output + run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, tools.Hub.Sandbox.Ledger.Calls().Count);
    }

    [Fact]
    public async Task Bad_key_is_told()
    {
        var run = await tools.ClaudeAsync(ToolHub.UnknownKey, "sandbox-chat", "-p", "Say hello");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("401", run.Output + run.Errors, StringComparison.Ordinal);
    }

    private static void AssertEnded(ProgramRun run, int code) =>
        Assert.True(run.ExitCode == code, $"{run.ExitCode}: {run.Output}\n{run.Errors}");
}
