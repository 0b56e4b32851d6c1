using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Telemetry;

/// <summary>One line per call.</summary>
public sealed class CallLogTests : IAsyncLifetime
{
    private readonly LogCapture _log = new();
    private HubHost _hub = null!;

    public async Task InitializeAsync() => _hub = await HubHost.StartAsync(configure: builder => builder.Logging.AddProvider(_log));

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task It_tells_who_what_how_much_and_how_it_ended()
    {
        using var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        var record = await _hub.RecordAsync(answer);
        var line = (await _log.CallAsync(answer.RequestId())).Values;
        Assert.Equal((record.UserId, record.ApiKeyId, record.TierId), (line["UserId"], line["ApiKeyId"], line["TierId"]));
        Assert.Equal(("chat_completions", "gpt-4o-mini", "ok", "200"), (line["Api"], line["Model"], line["Outcome"], line["Status"]));
        Assert.Equal(
            (record.Usage.Input.ToString(), record.Usage.Output.ToString(), "reported"),
            (line["PromptTokens"], line["CompletionTokens"], line["UsageSource"])
        );
        Assert.Equal(answer.Headers.GetValues("x-oneui-cost-usd").Single(), line["CostUsd"]);
        Assert.All(
            ["DurationMs", "OverheadMs", "FirstByteMs"],
            name => Assert.True(double.Parse(line[name]!, System.Globalization.CultureInfo.InvariantCulture) > 0, name)
        );
    }

    [Theory]
    [InlineData("unknown", "refused", "404", "model_not_found")]
    [InlineData("sandbox-status-500", "upstream_error", "500", null)]
    public async Task A_call_without_an_answer_has_its_line_too(string model, string outcome, string status, string? code)
    {
        using var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat(model));
        var line = (await _log.CallAsync(answer.RequestId())).Values;
        Assert.Equal((outcome, status, code), (line["Outcome"], line["Status"], line.GetValueOrDefault("Code")));
    }

    [Fact]
    public async Task A_stranger_is_refused_in_one_line_without_a_name()
    {
        using var answer = await _hub.Anonymous.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        var line = (await _log.CallAsync(answer.RequestId())).Values;
        Assert.Equal(("401", "missing_api_key", null), (line["Status"], line["Code"], line["UserId"]));
    }
}
