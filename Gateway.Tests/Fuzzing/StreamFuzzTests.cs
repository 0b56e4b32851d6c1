using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Answers;
using Gateway.Apis;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;

namespace Gateway.Tests.Fuzzing;

/// <summary>
/// Streams of any bytes, cut anywhere, through the event reader, the meter and the filter. A kept corpus runs always; then streams made of
/// it run for <c>FUZZ_SECONDS</c> (5). A stream that fails is written to a file, to be kept in <c>Corpora/streams</c>.
/// </summary>
public sealed class StreamFuzzTests
{
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}";

    private const int StandardSeed = 20_261_130;

    private static readonly AnswerOptions[] Sizes = [new() { MaxEventBytes = 48 }, new() { MaxEventBytes = 300 }, new()];

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "data: ",
            "data:",
            "data",
            "event: error",
            "event: message",
            "id: 1",
            "retry: 5",
            ": comment",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\r\r",
            "\r\n\r\n",
            "\uFEFF",
            "\0",
            "\0\0\n",
            " ",
            "data: [DONE]",
            "[DONE]",
            Usage,
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}",
            "data: {\"error\":{\"message\":\"x\",\"code\":\"429\"}}",
            "data: {\"error\":\"\"}",
            "{\"usage\":",
            "\"error\":",
            "\"choices\":[",
            "{\"delta\":{\"reasoning\":\"",
            "\"finish_reason\":\"stop\"",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            "\\u",
            "\\ud800",
            "\\u0000",
            ",",
            ":",
            "null",
            "1e400",
            "-",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF],
        [0xC3],
        [0xE2, 0x82],
        [0xED, 0xA0, 0x80],
        [0xF0, 0x9F],
        [0xEF, 0xBB],
    ];

    public static TheoryData<string> Corpus =>
        [.. Directory.GetFiles(CorpusFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string CorpusFolder => Path.Combine(AppContext.BaseDirectory, "Corpora", "streams");

    [Theory, MemberData(nameof(Corpus))]
    public void A_kept_stream_holds_wherever_it_is_cut(string name)
    {
        var stream = File.ReadAllBytes(Path.Combine(CorpusFolder, name));
        foreach (var options in Sizes)
        {
            foreach (var asked in new[] { false, true })
            {
                var whole = Read(asked, options, [stream]);
                Check(stream, asked, whole);
                CheckSame(whole, Read(asked, options, stream.Chunk(1)), "in single bytes");
                for (var cut = 1; cut < stream.Length; cut++)
                {
                    CheckSame(whole, Read(asked, options, [stream[..cut], stream[cut..]]), $"cut at {cut}");
                }
            }
        }
    }

    [Fact]
    public void Any_stream_holds_however_it_is_cut()
    {
        // The same in every run of the suite
        var seed = Environment.GetEnvironmentVariable("FUZZ_SECONDS") is null ? StandardSeed : Environment.TickCount;
        var random = new Random(seed);
        var corpus = Directory.GetFiles(CorpusFolder).Select(File.ReadAllBytes).ToList();
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < 200 || Stopwatch.GetElapsedTime(start) < Duration; round++)
        {
            var stream = Make(random, corpus);
            try
            {
                CheckAll(stream, random);
            }
            catch (Exception fault)
            {
                var path = Path.Combine(Path.GetTempPath(), $"stream-{seed}-{round}.sse");
                File.WriteAllBytes(path, stream);
                throw new InvalidOperationException($"Seed {seed}, round {round}; the stream is kept as {path}: {fault.Message}", fault);
            }
        }
    }

    // Whatever stands around it, as long as it is an event of its own that nothing has ended before.
    [Fact]
    public void A_usage_is_found_in_any_stream_however_it_is_cut()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var lineEnd = new[] { "\n", "\r", "\r\n" }[random.Next(3)];
            var noise = Enumerable
                .Range(0, random.Next(6))
                .Select(_ => ": " + new string('c', random.Next(200)) + lineEnd + (random.Next(2) == 0 ? lineEnd : ""));
            var padding = new string(' ', random.Next(400));
            var stream =
                string.Concat(noise)
                + Usage.Replace(":{", ":" + padding + "{", StringComparison.Ordinal)
                + lineEnd
                + lineEnd
                + "data: [DONE]"
                + lineEnd
                + lineEnd;
            var bytes = Encoding.UTF8.GetBytes(stream);
            foreach (var options in Sizes)
            {
                var read = Read(asked: false, options, Cut(bytes, random));
                Assert.Equal((UsageSource.Reported, TokenUsage.OfText(7, 3)), (read.Answer.UsageSource, read.Answer.Usage));
                Assert.DoesNotContain("usage", Encoding.UTF8.GetString(read.Sent), StringComparison.Ordinal);
                Assert.Equal(bytes, Read(asked: true, options, Cut(bytes, random)).Sent);
            }
        }
    }

    [Fact]
    public void Any_plain_answer_means_the_same_however_it_is_cut()
    {
        var random = new Random(11);
        for (var round = 0; round < 3_000; round++)
        {
            var body = Make(random, []);
            Assert.Equal(Plain([body]), Plain(Cut(body, random)));
        }

        static MeteredAnswer Plain(IEnumerable<byte[]> reads)
        {
            using var meter = new PlainMeter();
            foreach (var read in reads)
            {
                meter.Feed(read);
            }
            return meter.Close(100);
        }
    }

    private static TimeSpan Duration =>
        TimeSpan.FromSeconds(
            int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 5
        );

    private static void CheckAll(byte[] stream, Random random)
    {
        foreach (var options in Sizes)
        {
            foreach (var asked in new[] { false, true })
            {
                var whole = Read(asked, options, [stream]);
                Check(stream, asked, whole);
                CheckSame(whole, Read(asked, options, Cut(stream, random)), "cut");
            }
        }
    }

    // What goes to a client is what the upstream sent, up to its end; only errors, usage that nobody asked for, and half an event at the
    // end are different. So is an event too large to hold that says nothing: it is taken for a usage chunk before its usage comes.
    private static void Check(byte[] stream, bool asked, Outcome read)
    {
        if (read.HasError || (!asked && read.HasUsage) || stream.AsSpan().IndexOf("error"u8) >= 0 || stream.AsSpan().IndexOf("\\u"u8) >= 0)
        {
            return;
        }
        var mayLackMore =
            !asked && (stream.AsSpan().IndexOf("usage"u8) >= 0 || (read.IsOversized && stream.AsSpan().IndexOf("choices"u8) >= 0));
        if (!mayLackMore && !stream.AsSpan().StartsWith(read.Sent))
        {
            Assert.Fail($"The client got other bytes than the upstream sent: {Encoding.Latin1.GetString(read.Sent)}");
        }
    }

    private static void CheckSame(Outcome whole, Outcome cut, string how)
    {
        if (whole.Answer != cut.Answer)
        {
            Assert.Fail($"{how}: {cut.Answer} for {whole.Answer}.");
        }
        if (!whole.IsOversized && !whole.Sent.AsSpan().SequenceEqual(cut.Sent))
        {
            Assert.Fail($"{how}: {cut.Sent.Length} bytes for {whole.Sent.Length}.");
        }
    }

    private static byte[] Make(Random random, List<byte[]> corpus)
    {
        var stream = new List<byte>();
        if (corpus.Count > 0 && random.Next(2) == 0)
        {
            stream.AddRange(corpus[random.Next(corpus.Count)]);
        }
        for (var count = random.Next(1, 30); count > 0; count--)
        {
            var at = random.Next(4) == 0 ? random.Next(stream.Count + 1) : stream.Count;
            stream.InsertRange(
                at,
                random.Next(12) == 0 ? Enumerable.Repeat((byte)random.Next(256), random.Next(600)) : Pieces[random.Next(Pieces.Length)]
            );
        }
        for (var flips = random.Next(3); flips > 0; flips--)
        {
            stream[random.Next(stream.Count)] = (byte)random.Next(256);
        }
        return [.. stream];
    }

    private static List<byte[]> Cut(byte[] stream, Random random)
    {
        var cut = new List<byte[]>();
        for (var i = 0; i < stream.Length; )
        {
            var length = Math.Min(stream.Length - i, random.Next(3) == 0 ? 1 : random.Next(1, 200));
            cut.Add(stream[i..(i + length)]);
            i += length;
        }
        return cut;
    }

    private static Outcome Read(bool asked, AnswerOptions options, IEnumerable<byte[]> reads)
    {
        using var filter = new EventFilter(ApiTable.Chat.Answers, asked, options);
        var sent = new MemoryStream();
        foreach (var read in reads)
        {
            filter.Push(read);
            sent.Write(filter.Output.Written.Span);
            filter.MarkSent();
        }
        filter.Finish();
        sent.Write(filter.Output.Written.Span);
        var answer = filter.Meter.Close(100);
        return new Outcome(
            sent.ToArray(),
            answer,
            filter.Error is not null || answer.Error is not null,
            filter.HasUsage,
            filter.HasOversized
        );
    }

    private sealed record Outcome(byte[] Sent, MeteredAnswer Answer, bool HasError, bool HasUsage, bool IsOversized);
}
