using System.Text;
using System.Text.Json;
using Gateway.Answers;
using Gateway.Apis;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;

namespace Gateway.Tests.Answers;

/// <summary>Events too large to hold: what the client gets of them, and what is read of them.</summary>
public sealed class OversizedEventTests
{
    private const string Usage = """{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}""";
    private const string Hello = """data: {"id":"1","choices":[{"index":0,"delta":{"content":"Hello"}}]}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";

    private static readonly AnswerOptions Options = new();
    private static readonly string Large = new('A', (int)(Options.MaxEventBytes * 1.3));
    private static readonly string Image =
        """{"index":0,"delta":{"role":"assistant","content":"","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,"""
        + Large
        + "\"}}]}}";

    public static TheoryData<string> LineEnds => ["\n", "\r\n", "\r"];

    [Theory, MemberData(nameof(LineEnds))]
    public void An_image_passes_whole_and_counts_as_an_image(string lineEnd)
    {
        var stream = With(lineEnd, Hello + "data: {\"id\":\"1\",\"choices\":[" + Image + "]}\n\n" + Done);
        var read = Read(asked: false, stream, 8_192);
        Assert.Equal(stream, read.Text);
        Assert.Equal((UsageSource.Estimated, "Hello".Length), (read.Answer.UsageSource, (int)read.Answer.ContentBytes));
        Assert.Equal(1_290, read.Answer.Usage!.Value.OutputImage);
    }

    [Theory]
    [InlineData("{\"usage\":U,\"id\":\"1\",\"choices\":[C]}", "{\"id\":\"1\",\"choices\":[C]}")]
    [InlineData("{\"id\":\"1\",\"usage\":U,\"choices\":[C]}", "{\"id\":\"1\",\"choices\":[C]}")]
    [InlineData("{\"id\":\"1\",\"choices\":[C],\"usage\":U}", "{\"id\":\"1\",\"choices\":[C]}")]
    [InlineData("{ \"id\" : \"1\" , \"choices\" : [C] , \"us\\u0061ge\" : U }", "{ \"id\" : \"1\" , \"choices\" : [C]  }")]
    [InlineData(
        "{\"id\":\"1\",\"choices\":[C],\n\"usage\":{\n\"prompt_tokens\":7,\"completion_tokens\":3}\n}",
        "{\"id\":\"1\",\"choices\":[C]\n}"
    )]
    public void Usage_beside_an_image_is_read_and_goes_to_who_asked(string json, string without)
    {
        string Event(string text) =>
            "data: "
            + text.Replace("U", Usage, StringComparison.Ordinal)
                .Replace("C", Image, StringComparison.Ordinal)
                .Replace("\n", "\ndata: ", StringComparison.Ordinal)
            + "\n\n";
        var stream = Event(json) + Done;
        foreach (var size in new[] { 4_096, 8_191, int.MaxValue })
        {
            var asked = Read(asked: true, stream, size);
            var unasked = Read(asked: false, stream, size);
            Assert.Equal(stream, asked.Text);
            Assert.Equal(Event(without) + Done, unasked.Text);
            Assert.All(
                new[] { asked, unasked },
                read => Assert.Equal((UsageSource.Reported, TokenUsage.OfText(7, 3)), (read.Answer.UsageSource, read.Answer.Usage))
            );
        }
    }

    [Fact]
    public void Usage_is_found_and_taken_out_wherever_the_event_is_cut()
    {
        var small = new AnswerOptions { MaxEventBytes = 64 };
        const string Event =
            """data: {"usage":{"prompt_tokens":7,"completion_tokens":3},"choices":[{"index":0,"delta":{"content":"Some words, enough of them."}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"""
            + "\n\n";
        var stream = Encoding.UTF8.GetBytes(Event + Done);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var read = Read(asked: false, small, stream[..cut], stream[cut..]);
            Assert.Equal(
                """data: {"choices":[{"index":0,"delta":{"content":"Some words, enough of them."}}]}""" + "\n\n" + Done,
                read.Text
            );
            Assert.Equal(TokenUsage.OfText(7, 3), read.Answer.Usage);
        }
        var bytes = Read(asked: false, small, [.. stream.Select(b => new[] { b })]);
        Assert.DoesNotContain("usage", bytes.Text, StringComparison.Ordinal);
        Assert.Equal(TokenUsage.OfText(7, 3), bytes.Answer.Usage);
    }

    [Theory]
    [InlineData("{\"id\":\"1\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"padding\":\"L\"}}", true)]
    [InlineData("{\"id\":\"1\",\"usage\":{\"prompt_tokens\":7,\"padding\":\"L\",\"completion_tokens\":3},\"choices\":[]}", true)]
    [InlineData("{\"id\":\"1\",\"choices\":[],\"padding\":\"L\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}", false)]
    public void A_usage_chunk_too_large_to_hold_is_taken_out_for_who_did_not_ask(string json, bool isTooLargeToKeep)
    {
        var stream = Hello + "data: " + json.Replace("L", Large, StringComparison.Ordinal) + "\n\n" + Done;
        Assert.Equal(stream, Read(asked: true, stream, 8_192).Text);
        var read = Read(asked: false, stream, 8_192);
        Assert.Equal(Hello + Done, read.Text);
        Assert.Equal(isTooLargeToKeep ? UsageSource.Estimated : UsageSource.Reported, read.Answer.UsageSource);
    }

    [Fact]
    public void An_error_too_large_to_hold_is_told_in_our_words()
    {
        var read = Read(
            asked: false,
            Hello + "data: {\"error\":{\"message\":\"litellm.X: " + Large + "\",\"code\":\"500\"}}\n\n" + Done,
            8_192
        );
        Assert.StartsWith(
            Hello + "data: {\"error\":{\"message\":\"The upstream answered with an error and did not say why.\"",
            read.Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("litellm", read.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", read.Text, StringComparison.Ordinal);
        Assert.Equal(AnswerOutcome.Failed, read.Answer.Outcome);
    }

    [Fact]
    public void An_error_beside_much_else_keeps_its_sentence()
    {
        using var filter = new EventFilter(ApiTable.Chat.Answers, clientWantsUsage: false, Options);
        foreach (
            var piece in Encoding
                .UTF8.GetBytes("data: {\"error\":{\"message\":\"Slow down.\",\"code\":\"429\"},\"padding\":\"" + Large + "\"}\n\n")
                .Chunk(8_192)
        )
        {
            filter.Push(piece);
        }
        Assert.Equal((429, true), (filter.Error!.Value.Status, filter.IsErrorFirst));
        Assert.Equal("Slow down.", filter.Error.Value.Error.Message);
    }

    [Fact]
    public void The_text_of_an_error_behind_an_image_is_cut_out_and_told_behind_the_event()
    {
        var read = Read(
            asked: false,
            "data: {\"choices\":[" + Image + "],\"error\":{\"message\":\"litellm.RateLimitError: Slow down.\",\"code\":\"429\"}}\n\n",
            8_192
        );
        var events = read.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: {\"choices\":[" + Image + "]}", events[0]);
        Assert.Contains("\"Slow down.\"", events[1], StringComparison.Ordinal);
        Assert.DoesNotContain("litellm", read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_with_the_name_of_an_error_is_one_at_any_size()
    {
        var read = Read(asked: false, "event: error\ndata: {\"message\":\"" + Large + "\"}\n\n", 8_192);
        Assert.Equal(AnswerOutcome.Failed, read.Answer.Outcome);
    }

    [Fact]
    public void An_event_that_does_not_end_is_told_as_torn()
    {
        using var filter = new EventFilter(ApiTable.Chat.Answers, clientWantsUsage: false, Options);
        var sent = new StringBuilder();
        foreach (var piece in Encoding.UTF8.GetBytes("data: {\"choices\":[" + Image[..^20]).Chunk(8_192))
        {
            filter.Push(piece);
            sent.Append(Encoding.UTF8.GetString(filter.Output.Written.Span));
            filter.MarkSent();
        }
        filter.Finish();
        Assert.True(filter.IsTorn);
        Assert.StartsWith("data: {\"choices\":[{\"index\":0", sent.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_event_without_its_blank_line_is_whole()
    {
        using var filter = new EventFilter(ApiTable.Chat.Answers, clientWantsUsage: false, Options);
        filter.Push(Encoding.UTF8.GetBytes("data: {\"choices\":[" + Image + "],\"usage\":" + Usage + "}"));
        filter.Finish();
        Assert.False(filter.IsTorn);
        Assert.Equal(TokenUsage.OfText(7, 3), filter.Meter.Close(0).Usage);
        filter.AppendError(500, new Gateway.Calls.OpenAiError("x", "y", null, "z"), "id");
        var events = Encoding.UTF8.GetString(filter.Output.Written.Span).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, events.Length);
        Assert.All(events, text => JsonDocument.Parse(text["data: ".Length..]).Dispose());
    }

    [Fact]
    public void Other_members_called_usage_or_error_stay()
    {
        var stream =
            "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":{\\\"error\\\":1}\",\"error\":{\"a\":1},\"usage\":{\"b\":[{}]}}}],\"pad\":\""
            + Large
            + "\",\"usage\":null,\"error\":null}\n\n"
            + Done;
        Assert.Equal(stream, Read(asked: false, stream, 8_192).Text);
    }

    [Fact]
    public void A_comment_too_large_to_hold_passes()
    {
        var stream = ": " + Large + "\n" + Hello + Done;
        var read = Read(asked: false, stream, 8_192);
        Assert.Equal(stream, read.Text);
        Assert.Equal(AnswerOutcome.Complete, read.Answer.Outcome);
    }

    [Fact]
    public void What_is_held_of_an_event_is_bounded()
    {
        using var filter = new EventFilter(ApiTable.Chat.Answers, clientWantsUsage: false, Options);
        filter.Push(Encoding.UTF8.GetBytes("data: {\"choices\":[{\"delta\":{\"content\":\""));
        var piece = Encoding.UTF8.GetBytes(new string('x', 8_192));
        var most = 0;
        for (var i = 0; i < 50 * 128; i++)
        {
            filter.Push(piece);
            most = Math.Max(most, filter.Output.Length);
            filter.MarkSent();
        }
        Assert.InRange(most, 1, Options.MaxEventBytes + (2 * piece.Length));
    }

    private static string With(string lineEnd, string stream) => stream.Replace("\n", lineEnd, StringComparison.Ordinal);

    private static (string Text, MeteredAnswer Answer) Read(bool asked, string stream, int pieceSize) =>
        Read(asked, Options, [.. Encoding.UTF8.GetBytes(stream).Chunk(pieceSize)]);

    private static (string Text, MeteredAnswer Answer) Read(bool asked, AnswerOptions options, params byte[][] pieces)
    {
        using var filter = new EventFilter(ApiTable.Chat.Answers, asked, options);
        var sent = new MemoryStream();
        foreach (var piece in pieces)
        {
            filter.Push(piece);
            sent.Write(filter.Output.Written.Span);
            filter.MarkSent();
        }
        filter.Finish();
        sent.Write(filter.Output.Written.Span);
        return (Encoding.UTF8.GetString(sent.ToArray()), filter.Meter.Close(0));
    }
}
