using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Usage;

namespace Gateway.Tests.Usage;

public sealed class SseEventReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n")]
    [InlineData("data:a\r\n\r\ndata:b\r\n\r\n")]
    [InlineData("data: a\r\rdata: b\r\r")]
    [InlineData("\uFEFFdata: a\n\n: a comment\ndata: b\n\n")]
    [InlineData("id: 1\nretry: 5\ndata: a\nunknown\n\ndata: b\r\n\n")]
    public void Events_are_found_with_every_line_end(string stream) =>
        Assert.Equal(["a", "b"], Read(stream).Where(e => e.HasData).Select(e => e.Data));

    [Fact]
    public void Several_data_lines_are_one_payload()
    {
        var read = Assert.Single(Read("event: x\ndata: {\ndata:  1\ndata\ndata:}\n\n"));
        Assert.Equal("{\n 1\n\n}", read.Data);
        Assert.Equal("x", read.Name);
        Assert.Equal(-1, read.DataOffset);
    }

    [Fact]
    public void Contract_1_3_A_keepalive_comment_is_passed_on_and_has_no_data()
    {
        var events = Read(": ping\n\ndata: a\n\n");
        Assert.Equal([": ping\n\n", "data: a\n\n"], events.Select(e => e.Raw));
        Assert.Equal([false, true], events.Select(e => e.HasData));
    }

    [Fact]
    public void A_named_event_tells_its_name_and_where_its_data_is()
    {
        var read = Assert.Single(Read("event: error\ndata: {}\n\n"));
        Assert.Equal(("error", "{}", 19), (read.Name, read.Data, read.DataOffset));
    }

    [Fact]
    public void An_event_that_lies_in_one_piece_is_handed_out_in_place()
    {
        using var reader = new SseEventReader();
        ReadOnlySpan<byte> input = "data: a\n\ndata: b\n\nda"u8;
        var start = input;
        Assert.True(reader.TryRead(ref input, out var first));
        Assert.True(first.IsInPlace && first.Raw == start[..9]);
        Assert.True(reader.TryRead(ref input, out var second));
        Assert.True(second.IsInPlace);
        Assert.False(reader.TryRead(ref input, out _));
        Assert.True(input.IsEmpty);
        input = "ta: c\n\n"u8;
        Assert.True(reader.TryRead(ref input, out var third));
        Assert.False(third.IsInPlace);
        Assert.Equal("data: c\n\n", Encoding.UTF8.GetString(third.Raw));
    }

    [Fact]
    public void A_line_ended_by_CR_ends_its_event_at_once()
    {
        using var reader = new SseEventReader();
        ReadOnlySpan<byte> input = "data: a\r\n\r"u8;
        Assert.True(reader.TryRead(ref input, out var first));
        Assert.Equal("a", Encoding.UTF8.GetString(first.Data));
        input = "\ndata: b\r\n\r\n"u8;
        Assert.True(reader.TryRead(ref input, out var second));
        Assert.Equal(("b", "\ndata: b\r\n\r\n"), (Encoding.UTF8.GetString(second.Data), Encoding.UTF8.GetString(second.Raw)));
    }

    [Fact]
    public void The_unfinished_tail_is_there_at_the_end()
    {
        var events = Read("data: a\n\ndata: [DONE]");
        Assert.Equal((SseEventKind.Tail, "[DONE]", "data: [DONE]"), (events[1].Kind, events[1].Data, events[1].Raw));
    }

    [Fact]
    public void An_event_above_the_limit_is_read_in_pieces_and_the_next_one_whole()
    {
        var large = "data: " + new string('x', 100) + "\n\n";
        foreach (var size in new[] { 1, 7, 1000 })
        {
            var events = Read(large + "data: b\n\n", size, maxEventBytes: 32);
            Assert.Equal(large + "data: b\n\n", string.Concat(events.Select(e => e.Raw)));
            Assert.All(events.SkipLast(1), e => Assert.Equal(SseEventKind.Fragment, e.Kind));
            Assert.Equal(new string('x', 100), string.Concat(events.SkipLast(1).Select(e => e.Data)));
            Assert.True(events[^2].EndsEvent);
            Assert.Equal("b", events[^1].Data);
        }
    }

    [Theory]
    [InlineData("\n"), InlineData("\r\n"), InlineData("\r")]
    public void Any_event_above_the_limit_means_what_it_means_below_it(string lineEnd)
    {
        var lines = new[]
        {
            ": " + new string('c', 40),
            "event: error",
            "data: {\"a\":1,",
            "id: 7",
            "data:\"b\":2",
            "data",
            "data:  }",
            "retry: 5",
            "nothing",
            "datum: x",
        };
        var stream = string.Concat(lines.Select(line => line + lineEnd)) + lineEnd + "data: next" + lineEnd + lineEnd;
        var whole = Read(stream);
        for (var size = 1; size <= stream.Length; size++)
        {
            var events = Read(stream, size, maxEventBytes: 32);
            Assert.Equal(stream, string.Concat(events.Select(e => e.Raw)));
            var pieces = events.TakeWhile(e => e.Kind == SseEventKind.Fragment).ToList();
            Assert.Equal(whole[0].Data, string.Concat(pieces.Select(e => (e.BeginsNextLine ? "\n" : "") + e.Data)));
            Assert.Equal("error", pieces.Last(e => e.EndsEvent).Name);
            Assert.Equal("nothing".Length + "datum: x".Length, pieces.Sum(e => e.StrayBytes));
            Assert.Contains(events, e => e.Data == "next");
        }
    }

    [Fact]
    public void Any_stream_in_any_pieces_loses_no_byte_and_gives_the_same_payloads()
    {
        var token = Gen.Elements(
            "data: a",
            "data:",
            "data",
            "event: e",
            ": c",
            "x",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\r\r",
            "\r\n\r\n",
            " ",
            "data: {\"b\":1}"
        );
        Prop.ForAll(
                token.ListOf().Zip(Gen.Choose(1, 9)).ToArbitrary(),
                pair =>
                {
                    var stream = string.Concat(pair.Item1);
                    var whole = Read(stream);
                    var cut = Read(stream, pair.Item2);
                    return string.Concat(cut.Select(e => e.Raw)) == stream
                        && string.Concat(whole.Select(e => e.Raw)) == stream
                        && Payloads(whole).SequenceEqual(Payloads(cut));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

        static IEnumerable<(string, string)> Payloads(List<Seen> events) => events.Where(e => e.HasData).Select(e => (e.Name, e.Data));
    }

    [Fact]
    public void Reading_events_allocates_nothing()
    {
        using var reader = new SseEventReader();
        var stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: {\"choices\":[]}\n\n", 20)));
        Assert.Equal(20, Count(reader, stream)); // warms the pool
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = Count(reader, stream);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(20, count);

        static int Count(SseEventReader reader, byte[] stream)
        {
            var count = 0;
            for (var i = 0; i < stream.Length; i += 33)
            {
                ReadOnlySpan<byte> piece = stream.AsSpan(i, Math.Min(33, stream.Length - i));
                while (reader.TryRead(ref piece, out _))
                {
                    count++;
                }
            }
            return count;
        }
    }

    private sealed record Seen(string Raw, string Data, string Name, int DataOffset, bool HasData, SseEventKind Kind)
    {
        public bool EndsEvent { get; init; }

        public bool BeginsNextLine { get; init; }

        public int StrayBytes { get; init; }
    }

    private static List<Seen> Read(string stream, int pieceSize = int.MaxValue, int maxEventBytes = 1 << 20)
    {
        using var reader = new SseEventReader(maxEventBytes);
        var bytes = Encoding.UTF8.GetBytes(stream);
        var seen = new List<Seen>();
        for (var i = 0; i < bytes.Length; )
        {
            var length = Math.Min(pieceSize, bytes.Length - i);
            ReadOnlySpan<byte> piece = bytes.AsSpan(i, length);
            while (reader.TryRead(ref piece, out var e))
            {
                seen.Add(See(e));
            }
            Assert.True(piece.IsEmpty);
            i += length;
        }
        if (reader.TryReadTail(out var tail))
        {
            seen.Add(See(tail));
        }
        return seen;
    }

    private static Seen See(in SseEvent e)
    {
        if (e.DataOffset >= 0)
        {
            Assert.True(e.Raw.Slice(e.DataOffset, e.Data.Length).SequenceEqual(e.Data));
        }
        return new(
            Encoding.UTF8.GetString(e.Raw),
            Encoding.UTF8.GetString(e.Data),
            Encoding.UTF8.GetString(e.Name),
            e.DataOffset,
            e.HasData,
            e.Kind
        )
        {
            EndsEvent = e.EndsEvent,
            BeginsNextLine = e.BeginsNextLine,
            StrayBytes = e.StrayBytes,
        };
    }
}
