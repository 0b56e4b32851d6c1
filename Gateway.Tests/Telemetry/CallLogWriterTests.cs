using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Core.Configuration;
using Gateway.Telemetry;
using Gateway.Tests.Support;

namespace Gateway.Tests.Telemetry;

/// <summary>The task that writes the call log.</summary>
public sealed partial class CallLogWriterTests
{
    [Fact]
    public void What_waits_is_written_when_the_process_stops()
    {
        using var output = new MemoryStream();
        var writer = new CallLogWriter(Options(8).Telemetry, output);
        writer.Write(Line("a"));
        writer.Write(Line("b"));
        writer.Dispose();
        Assert.Equal(["a", "b"], Ids(output));
    }

    [Fact]
    public async Task What_finds_no_room_is_dropped_and_counted()
    {
        using var output = new StuckStream();
        var writer = new CallLogWriter(Options(1).Telemetry, output);
        writer.Write(Line("written"));
        await output.Reached.WaitAsync(TimeSpan.FromSeconds(30));
        writer.Write(Line("waits"));
        writer.Write(Line("dropped"));
        Assert.Equal(1, writer.Dropped);
        output.Release();
        writer.Dispose();
        Assert.Equal(["written", "waits"], Ids(output));
    }

    [Fact]
    public void A_line_has_the_members_of_the_documentation()
    {
        using var output = new MemoryStream();
        var writer = new CallLogWriter(Options(8).Telemetry, output);
        writer.Write(Line("settled"));
        writer.Write(Line("refused", isSettled: false));
        writer.Dispose();
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        var paragraph = text[text.IndexOf("`Timestamp`, `Category`", StringComparison.Ordinal)..];
        var documented = Quoted().Matches(paragraph[..paragraph.IndexOf('\n')]).Select(m => m.Groups[1].Value);
        Assert.Equal(
            documented.Order(StringComparer.Ordinal),
            Lines(output).SelectMany(l => l.EnumerateObject().Select(m => m.Name)).Distinct().Order(StringComparer.Ordinal)
        );
    }

    private static HubOptions Options(int lines)
    {
        HubOptionsReader.Read(
            _ => null,
            name => name == "CALL_LOG_QUEUE_SIZE" ? lines.ToString() : null,
            isDevelopment: true,
            out var options
        );
        return options;
    }

    private static CallLine Line(string requestId, bool isSettled = true) =>
        new()
        {
            At = DateTime.UnixEpoch,
            RequestId = requestId,
            TraceId = "t",
            UserId = "u",
            ApiKeyId = "k",
            TeamId = "team",
            TierId = "tier",
            Api = "chat_completions",
            Model = "m",
            Outcome = "ok",
            Status = 200,
            Code = isSettled ? null : "model_not_found",
            Duration = TimeSpan.FromMilliseconds(12.3456),
            IsSettled = isSettled,
            IsStream = true,
            Attempts = 1,
            PromptTokens = 7,
            CompletionTokens = 3,
            UsageSource = "reported",
            CostNanoUsd = 47_000,
            Overhead = TimeSpan.FromMilliseconds(0.1),
            FirstByte = TimeSpan.FromMilliseconds(2),
        };

    private static IEnumerable<JsonElement> Lines(MemoryStream output) =>
        Encoding
            .UTF8.GetString(output.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement);

    private static IEnumerable<string?> Ids(MemoryStream output) => Lines(output).Select(l => l.GetProperty("RequestId").GetString());

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Quoted();

    // Standard output that nobody reads, until somebody does.
    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _isRead = new();

        public Task Reached => _reached.Task;

        public void Release() => _isRead.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _reached.TrySetResult();
            _isRead.Wait(TimeSpan.FromSeconds(30));
            base.Write(buffer);
        }
    }
}
