using System.Text;
using Gateway.Answers;
using Gateway.Apis;
using Gateway.Core.Configuration;

namespace Gateway.Tests.Answers;

public sealed class EventFilterTests
{
    private const string Content = """data: {"id":"1","choices":[{"index":0,"delta":{"content":"Hello"}}]}""" + "\n\n";
    private const string Error = """data: {"error":{"message":"Overloaded.","type":"server_error","code":"529"}}""" + "\n\n";

    [Fact]
    public void An_error_before_any_other_event_comes_first()
    {
        using var events = NewFilter();
        events.Push(Encoding.UTF8.GetBytes(Error));
        Assert.Equal(529, events.Error?.Status);
        Assert.True(events.IsErrorFirst);
    }

    // The network may deliver both in one piece; whether the client sees the content must not hang on that.
    [Fact]
    public void An_error_in_one_piece_with_content_does_not_come_first()
    {
        using var events = NewFilter();
        events.Push(Encoding.UTF8.GetBytes(Content + Error));
        Assert.Equal(529, events.Error?.Status);
        Assert.False(events.IsErrorFirst);
        Assert.StartsWith(Content, Encoding.UTF8.GetString(events.Output.Written.Span), StringComparison.Ordinal);
    }

    private static EventFilter NewFilter() => new(ApiTable.Chat.Answers, clientWantsUsage: false, new AnswerOptions());
}
