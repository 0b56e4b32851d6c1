using Gateway.Tests.Sdk;

namespace Gateway.Tests.Apis.Tools;

/// <summary>Codex itself, without a terminal, with the configuration file of <c>docs/clients.md</c>.</summary>
public sealed class CodexTests(ToolHub tools) : IClassFixture<ToolHub>
{
    [Fact]
    public async Task Prompt_is_answered_and_charged()
    {
        var run = await tools.CodexAsync(tools.Hub.ApiKey, "Say hello");
        AssertEnded(run, 0);
        Assert.Contains("Hello from the sandbox provider", run.Output, StringComparison.Ordinal);
        var record = (await tools.RecordsOfAsync("gpt-4o-mini", 1))[^1];
        Assert.Equal(("aresponses", "ok", "reported", true), (record.CallType, record.Outcome, record.UsageSource, record.IsStream));
    }

    [Fact]
    public async Task Search_that_it_offers_by_itself_passes_without_a_budget()
    {
        var run = await tools.CodexAsync(tools.Hub.ApiKey, "--model", "sandbox-chat", "-c", "web_search=\"cached\"", "Say hello");
        AssertEnded(run, 0);
        Assert.Contains("Hello from the sandbox provider", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_is_called_and_its_result_sent_back()
    {
        var run = await tools.CodexAsync(tools.Hub.ApiKey, "--model", "sandbox-tools", "Run it");
        AssertEnded(run, 0);
        Assert.Contains("Hello from the sandbox provider", run.Output, StringComparison.Ordinal);
        Assert.All(await tools.RecordsOfAsync("sandbox-tools", 2), r => Assert.Equal(("ok", "reported"), (r.Outcome, r.UsageSource)));
    }

    [Fact]
    public async Task Stream_that_breaks_is_tried_again_and_told()
    {
        var run = await tools.CodexAsync(tools.Hub.ApiKey, "--model", "sandbox-drop-mid-stream", "Say hello");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal(2, (await tools.RecordsOfAsync("sandbox-drop-mid-stream", 2)).Count);
    }

    [Fact]
    public async Task Used_up_money_is_told()
    {
        var run = await tools.CodexAsync(tools.BrokeKey, "--model", "sandbox-cached", "Say hello");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Quota exceeded", run.Output + run.Errors, StringComparison.Ordinal);
        Assert.Empty(tools.Hub.Sandbox!.Ledger.Calls(new() { Model = "sandbox-cached" }));
    }

    [Fact]
    public async Task Bad_key_is_told()
    {
        var run = await tools.CodexAsync(ToolHub.UnknownKey, "--model", "sandbox-chat", "Say hello");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("401", run.Output + run.Errors, StringComparison.Ordinal);
    }

    private static void AssertEnded(ProgramRun run, int code) =>
        Assert.True(run.ExitCode == code, $"{run.ExitCode}: {run.Output}\n{run.Errors}");
}
