using System.Text;
using Gateway.Tests.Replay;

namespace Gateway.Tests.Metering;

/// <summary>
/// The gateway asks for the usage chunk of every stream; what it changes in the body is that and nothing else, and the client sees what it
/// asked for.
/// </summary>
public sealed class UsageOptionTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private static readonly string[] Frames = [Answers.Chunk("Hello"), Answers.FinishChunk, Answers.UsageChunk(), Answers.Done];

    [Theory]
    // None: put in, right behind the model.
    [InlineData(
        """{"model":"chat","stream":true,"messages":[]}""",
        """{"model":"chat","stream_options":{"include_usage":true},"stream":true,"messages":[]}"""
    )]
    [InlineData(
        """{ "stream" : true , "model" : "chat" }""",
        """{ "stream" : true , "model" : "chat","stream_options":{"include_usage":true} }"""
    )]
    // null and empty: replaced.
    [InlineData(
        """{"model":"chat","stream":true,"stream_options":null}""",
        """{"model":"chat","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        """{"model":"chat","stream":true,"stream_options":{}}""",
        """{"model":"chat","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        """{"model":"chat","stream":true,"stream_options": {  } ,"n":1}""",
        """{"model":"chat","stream":true,"stream_options": {"include_usage":true} ,"n":1}"""
    )]
    // false and null inside: only the value.
    [InlineData(
        """{"model":"chat","stream":true,"stream_options":{"include_usage":false}}""",
        """{"model":"chat","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        """{"model":"chat","stream":true,"stream_options":{"include_usage":null,"x":[1, 2]}}""",
        """{"model":"chat","stream":true,"stream_options":{"include_usage":true,"x":[1, 2]}}"""
    )]
    [InlineData(
        """{"stream_options":{"x":{"include_usage":false},"include_usage" : false },"model":"chat","stream":true}""",
        """{"stream_options":{"x":{"include_usage":false},"include_usage" : true },"model":"chat","stream":true}"""
    )]
    // Other members: beside them.
    [InlineData(
        """{"model":"chat","stream":true,"stream_options":{"include_obfuscation":false}}""",
        """{"model":"chat","stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}}"""
    )]
    [InlineData(
        """{"model":"chat","stream":true,"stream_options":{ "include_obfuscation" : "é\u00e9" }}""",
        """{"model":"chat","stream":true,"stream_options":{"include_usage":true, "include_obfuscation" : "é\u00e9" }}"""
    )]
    public async Task Stream_without_it_is_asked_for_usage_and_nothing_else_is_changed(string sent, string upstream)
    {
        var client = await replay.CallAsync(Answers.Stream(Frames), sent);
        Assert.Equal(upstream, Encoding.UTF8.GetString(replay.Upstream.Received.Last().Body));
        Assert.Equal(Frames[0] + Frames[1] + Frames[3], Encoding.UTF8.GetString(client.Body));
        var record = await replay.RecordAsync(client);
        Assert.Equal(
            (20, 10, "reported", Answers.UsageNanoUsd),
            (record.Usage.Input, record.Usage.Output, record.UsageSource, record.TotalCostNanoUsd)
        );
    }

    [Theory]
    [InlineData("""{"model":"chat","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData(
        """{"stream_options" : { "x" : null, "include_usage" :true} , "model":"chat" ,"stream":true , "frobnicate":{"a":[1.0,"\ud83d\udc4b"]} }"""
    )]
    public async Task Stream_that_asks_goes_up_byte_for_byte_and_gets_the_chunk_byte_for_byte(string sent)
    {
        var client = await replay.CallAsync(Answers.Stream(Frames), sent);
        Assert.Equal(sent, Encoding.UTF8.GetString(replay.Upstream.Received.Last().Body));
        Assert.Equal(string.Concat(Frames), Encoding.UTF8.GetString(client.Body));
    }

    [Theory]
    [InlineData("""{"model":"chat","messages":[ ]}""")]
    [InlineData("""{"model":"chat","stream":false,"stream_options":{"include_usage":false}}""")]
    [InlineData("""{"model":"chat","stream":null,"stream_options":null}""")]
    public async Task Plain_call_goes_up_byte_for_byte(string sent)
    {
        await replay.CallAsync(ReplayAnswer.Plain(Answers.PlainBody()), sent);
        Assert.Equal(sent, Encoding.UTF8.GetString(replay.Upstream.Received.Last().Body));
    }

    [Fact]
    public async Task Usage_beside_content_is_cut_out_for_a_client_that_did_not_ask()
    {
        var chunk = Answers.UsageChunk("""[{"index":0,"delta":{"content":"Hello"}}]""");
        var client = await replay.CallAsync(Answers.Stream(chunk, Answers.FinishChunk, Answers.Done), Answers.StreamCall);
        Assert.Equal(Answers.Chunk("Hello") + Answers.FinishChunk + Answers.Done, Encoding.UTF8.GetString(client.Body));
        Assert.Equal(Answers.UsageNanoUsd, (await replay.RecordAsync(client)).TotalCostNanoUsd);
    }
}
