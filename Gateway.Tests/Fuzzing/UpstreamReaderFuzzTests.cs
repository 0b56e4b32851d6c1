using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.Usage;
using Gateway.Answers;
using Gateway.Apis;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;
using Gateway.Tests.Support;
using Gateway.Tests.Usage;

namespace Gateway.Tests.Fuzzing;

/// <summary>
/// Whatever an upstream sends, no reader of its bytes throws, and every text that comes out is one that can be written and stored. Begins
/// with the kept corpus (<c>Recordings/fuzz/upstream</c>: every input that once broke a reader) and the recordings; then a bounded number
/// of inputs made from them, the same in every run.
/// <c>HUB_FUZZ_SECONDS</c> makes it search longer and elsewhere.
/// </summary>
public sealed class UpstreamReaderFuzzTests
{
    private const int Rounds = 20_000;
    private const int FixedSeed = 20261130;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string CorpusFolder = Path.Combine(AppContext.BaseDirectory, "Recordings", "fuzz", "upstream");
    private static readonly double? SearchSeconds = Environment.GetEnvironmentVariable("HUB_FUZZ_SECONDS") is { Length: > 0 } seconds
        ? double.Parse(seconds, CultureInfo.InvariantCulture)
        : null;

    private static readonly byte[][] Corpus =
    [
        .. Directory.EnumerateFiles(CorpusFolder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        .. FieldRecording.Errors.Select(row => row.Body),
        .. FieldRecording.Usages.SelectMany(row => row.Events),
        .. new[]
        {
            "chat-plain",
            "chat-tools",
            "chat-stream-usage",
            "fault-sseerror-stream",
            "cost-claude-cache-full",
            "upstream-429",
        }.Select(name => LiteLlmRecording.Open(name).Body),
    ];

    [Fact]
    public void Errors_are_read_whatever_they_are() =>
        Run(
            (input, _) =>
            {
                AssertSound(UpstreamErrorReader.Read(500, input));
                var (status, error) = UpstreamErrorReader.ReadInAnswer(input);
                Assert.InRange(status, 400, 599);
                AssertSound(error);
                UpstreamErrorReader.IsOurs(status, error);
                ErrorEnvelope.IsBareError(input);
                PythonBytes.TryRead(Encoding.UTF8.GetString(input), out var _);
            }
        );

    [Fact]
    public void Usages_are_read_whatever_they_are() =>
        Run(
            (input, _) =>
            {
                foreach (var shape in Enum.GetValues<UsageShape>())
                {
                    if (UsageReader.TryRead(input, shape, out var usage))
                    {
                        AssertCounts(usage.Tokens);
                    }
                }
            }
        );

    [Fact]
    public void Plain_answers_are_metered_whatever_they_are_and_however_they_are_cut() =>
        Run(
            (input, cut) =>
            {
                var whole = Meter(input, 0);
                Assert.Equal(whole, Meter(input, cut));
                AssertSound(whole);
            }
        );

    [Fact]
    public void Streams_are_filtered_whatever_they_are_and_however_they_are_cut() =>
        Run(
            (input, cut) =>
            {
                var (answer, output) = Filter(input, 0);
                var (cutAnswer, cutOutput) = Filter(input, cut);
                AssertSound(answer);
                Assert.Equal(answer, cutAnswer);
                Assert.Equal(Convert.ToBase64String(output), Convert.ToBase64String(cutOutput));
            }
        );

    [Fact]
    public void Catalogues_budgets_and_spend_logs_are_read_whatever_they_are() =>
        Run(
            (input, _) =>
            {
                if (!UpstreamJson.TryParse(input, out var root))
                {
                    return;
                }
                foreach (var row in Rows(root))
                {
                    if (LiteLlmPriceReader.TryRead(row, out var deployment))
                    {
                        AssertText(deployment.ModelName);
                        AssertText(deployment.Provider);
                    }
                    AssertText(LiteLlmBudgetResponse.From(row)?.Id);
                    AssertText(SpendRow.Read(row)?.RequestId);
                    LiteLlmModels.IdOf(row);
                    LiteLlmJson.Texts(row, "providers");
                }
            }
        );

    private static IEnumerable<JsonElement> Rows(JsonElement root)
    {
        var list = LiteLlmJson.Child(root, "data") is { ValueKind: JsonValueKind.Array } data ? data : root;
        return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Prepend(root) : [root];
    }

    private static MeteredAnswer Meter(byte[] input, int cut)
    {
        using var meter = new PlainMeter();
        meter.Feed(input.AsSpan(0, cut));
        meter.Feed(input.AsSpan(cut));
        return meter.Close(100);
    }

    private static (MeteredAnswer Answer, byte[] Output) Filter(byte[] input, int cut)
    {
        using var filter = new EventFilter(ApiTable.Chat.Answers, clientWantsUsage: false, new AnswerOptions());
        filter.Push(input.AsSpan(0, cut));
        filter.Push(input.AsSpan(cut));
        filter.Finish();
        return (filter.Meter.Close(100), filter.Output.Written.ToArray());
    }

    private static void AssertSound(OpenAiError error)
    {
        Assert.InRange(error.Message.Length, 1, 2_048);
        Assert.NotEmpty(error.Type);
        using var written = JsonDocument.Parse(OpenAiErrors.Form.Serialize(500, error, requestId: null));
        Assert.Equal(error.Message, written.RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(
            error.Code is null ? null : ShownText.Cut(error.Code),
            written.RootElement.GetProperty("error").GetProperty("code").GetString()
        );
        AssertText(error.Param);
    }

    private static void AssertSound(MeteredAnswer answer)
    {
        AssertText(answer.AnswerId);
        AssertText(answer.AnswerModel);
        AssertText(answer.Error?.Message);
        AssertText(answer.Error?.Code);
        if (answer.Usage is { } usage)
        {
            AssertCounts(usage);
        }
    }

    private static void AssertCounts(TokenUsage usage) =>
        Assert.True(
            new[]
            {
                usage.Input,
                usage.CacheRead,
                usage.CacheWrite,
                usage.CacheWrite1h,
                usage.InputAudio,
                usage.InputImage,
                usage.InputVideo,
                usage.Output,
                usage.Reasoning,
                usage.OutputAudio,
                usage.OutputImage,
            }.All(count => count >= 0)
        );

    // Throws for half a character.
    private static void AssertText(string? text) => Strict.GetByteCount(text ?? "");

    private static void Run(Action<byte[], int> read)
    {
        var mutator = new ByteMutator(SearchSeconds is null ? FixedSeed : Environment.TickCount, Corpus);
        foreach (var input in Corpus)
        {
            Try(read, input, input.Length / 2);
        }
        var limit = TimeSpan.FromSeconds(SearchSeconds ?? 5);
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; (SearchSeconds is not null || round < Rounds) && Stopwatch.GetElapsedTime(start) < limit; round++)
        {
            var input = mutator.Next();
            Try(read, input, mutator.Cut(input));
        }
    }

    private static void Try(Action<byte[], int> read, byte[] input, int cut)
    {
        try
        {
            read(input, cut);
        }
        catch (Exception fault)
        {
            Assert.Fail($"Cut at {cut}, keep this input in Recordings/fuzz/upstream: {Convert.ToBase64String(input)}\n{fault}");
        }
    }
}
