using System.Text;
using Gateway.Answers;
using Gateway.Apis;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;
using Gateway.Tests.Replay;
using Gateway.Tests.Sandbox;

namespace Gateway.Tests.Metering;

/// <summary>
/// However the upstream's bytes are cut into reads, the client gets the same bytes and the ledger the same figures: every kind of recorded
/// stream, at every place.
/// </summary>
public sealed class StreamCutTests
{
    private const int RequestBytes = 100;

    private static readonly AnswerOptions Options = new();
    private static readonly AnswerForm Chat = ApiTable.Chat.Answers;

    /// <summary>One of each kind: streams whose events have the same members are cut alike.</summary>
    public static TheoryData<string> Streams =>
        [
            .. RecordedExchange
                .All.Concat(RecordedExchange.Newer)
                .Where(recorded => recorded.IsStream)
                .DistinctBy(recorded => string.Concat(JsonShape.OfEvents(recorded.Pieces.Select(Encoding.UTF8.GetString)).Distinct()))
                .Select(recorded => recorded.Name),
        ];

    private static byte[] MultiByte { get; } =
        Encoding.UTF8.GetBytes(
            Answers.Chunk("Grüße, 世界 👋🏽")
                + ": ping\n\n"
                + Answers.Chunk("data: [DONE]\\n\\ndata: {\\\"usage\\\":1}")
                + Answers.FinishChunk
                + Answers.UsageChunk()
                + Answers.Done
        );

    [Theory, MemberData(nameof(Streams))]
    public void Recorded_stream_means_the_same_wherever_it_is_cut(string name) =>
        CheckEveryCut(RecordedExchange.Load(name).Body, FormOf(name));

    [Theory, MemberData(nameof(Streams))]
    public void Recorded_stream_means_the_same_with_CRLF_wherever_it_is_cut(string name)
    {
        var recorded = RecordedExchange.Load(name).Body;
        var crlf = WithCrLf(recorded);
        foreach (var asked in new[] { false, true })
        {
            var (_, plain) = Filter(FormOf(name), asked, recorded);
            var (bytes, answer) = Filter(FormOf(name), asked, crlf);
            Assert.Equal(plain, answer);
            Assert.DoesNotContain("\n\r\n\r\n", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal); // no blank line too many
        }
        CheckCuts(
            crlf,
            Enumerable.Range(1, crlf.Length - 1).Where(i => crlf.AsSpan(i - 1, 2).ContainsAny((byte)'\r', (byte)'\n')),
            FormOf(name)
        );
    }

    [Fact]
    public void Stream_with_text_of_several_bytes_means_the_same_wherever_it_is_cut()
    {
        CheckEveryCut(MultiByte);
        CheckEveryCut(WithCrLf(MultiByte));
    }

    [Fact]
    public void Stream_means_the_same_when_it_is_cut_twice()
    {
        var stream = WithCrLf(Encoding.UTF8.GetBytes(Answers.Chunk("é") + Answers.UsageChunk() + Answers.Done));
        var (bytes, answer) = Filter(Chat, asked: false, stream);
        for (var first = 0; first <= stream.Length; first++)
        {
            for (var second = first; second <= stream.Length; second++)
            {
                var (cutBytes, cutAnswer) = Filter(Chat, asked: false, stream[..first], stream[first..second], stream[second..]);
                if (answer != cutAnswer || !bytes.AsSpan().SequenceEqual(cutBytes))
                {
                    Assert.Fail($"Cut at {first} and {second}: {cutAnswer} for {answer}, {cutBytes.Length} bytes for {bytes.Length}.");
                }
            }
        }
    }

    [Fact]
    public void Stream_with_CR_alone_means_the_same_wherever_it_is_cut() =>
        CheckEveryCut([.. MultiByte.Select(b => b == (byte)'\n' ? (byte)'\r' : b)]);

    private static AnswerForm FormOf(string name) =>
        RecordedExchange.Load(name).CalledPath switch
        {
            "/v1/messages" => ApiTable.Messages.Answers,
            "/v1/responses" => ApiTable.Responses.Answers,
            _ => Chat,
        };

    private static void CheckEveryCut(byte[] stream, AnswerForm? form = null) =>
        CheckCuts(stream, Enumerable.Range(1, stream.Length - 1), form ?? Chat);

    private static void CheckCuts(byte[] stream, IEnumerable<int> cuts, AnswerForm form)
    {
        foreach (var asked in new[] { false, true })
        {
            var (bytes, answer) = Filter(form, asked, stream);
            foreach (var cut in cuts)
            {
                var (cutBytes, cutAnswer) = Filter(form, asked, stream[..cut], stream[cut..]);
                if (answer != cutAnswer || !bytes.AsSpan().SequenceEqual(cutBytes))
                {
                    Assert.Fail($"Cut at {cut}: {cutAnswer} for {answer}, {cutBytes.Length} bytes for {bytes.Length}.");
                }
            }
            var (singleBytes, singleAnswer) = Filter(form, asked, [.. stream.Select(b => new[] { b })]);
            Assert.Equal(answer, singleAnswer);
            Assert.Equal(bytes, singleBytes);
        }
    }

    private static (byte[] Bytes, MeteredAnswer Answer) Filter(AnswerForm form, bool asked, params byte[][] reads)
    {
        using var filter = new EventFilter(form, asked, Options);
        var sent = new MemoryStream();
        foreach (var read in reads)
        {
            filter.Push(read);
            sent.Write(filter.Output.Written.Span);
            filter.MarkSent();
        }
        filter.Finish();
        sent.Write(filter.Output.Written.Span);
        return (sent.ToArray(), filter.Meter.Close(RequestBytes));
    }

    private static byte[] WithCrLf(byte[] stream) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(stream).Replace("\n", "\r\n", StringComparison.Ordinal));
}
