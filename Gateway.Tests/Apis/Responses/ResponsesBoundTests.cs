using System.Text;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Limits.Bound;
using Gateway.Tests.Limits.Bound;

namespace Gateway.Tests.Apis.Responses;

/// <summary>What each member and item of a response's body means for the bound of a budgeted call.</summary>
public sealed class ResponsesBoundTests
{
    private static readonly RequestReader Reader = new(new BodyOptions());

    private static readonly PolicyModel Searching = Bounds.Priced("""{"input":1000,"output":4000,"search_medium":10000000000}""");

    [Theory]
    [InlineData(
        """  "instructions":"be brief","reasoning":{"effort":"high","summary":"auto"},"include":["reasoning.encrypted_content"] """
    )]
    [InlineData("""  "store":false,"parallel_tool_calls":true,"tool_choice":"auto","prompt_cache_key":"k","text":{"verbosity":"low"} """)]
    [InlineData("""  "tools":[{"type":"function","name":"f","parameters":{}},{"type":"custom","name":"g"},{"type":"local_shell"}] """)]
    [InlineData("""  "truncation":"auto","client_metadata":{"a":"b"},"stream_options":{"include_obfuscation":false},"background":false """)]
    public void Member_that_cannot_raise_the_cost_passes(string member) => Assert.Null(Bound(member).Refusal);

    [Theory]
    [InlineData("""  "tools":[{"type":"file_search","vector_store_ids":["v"]}] """, "hosted_tool_not_allowed")]
    [InlineData("""  "tools":[{"type":"code_interpreter","container":{"type":"auto"}}] """, "hosted_tool_not_allowed")]
    [InlineData("""  "tools":[{"type":"mcp","server_url":"https://x"}] """, "hosted_tool_not_allowed")]
    [InlineData("""  "tools":[{"type":"web_search"}] """, "hosted_tool_not_allowed")]
    [InlineData("""  "context_management":[{"type":"compaction"}] """, "unbounded_request")]
    public void Member_that_can_raise_it_is_refused(string member, string code) => Assert.Equal(code, Bound(member).Refusal?.Code);

    [Fact]
    public void Search_holds_the_fee_and_the_longest_prompt_of_each_round()
    {
        var usual = Bound("""  "tools":[{"type":"web_search"}] """, Searching);
        var told = Bound("""  "tools":[{"type":"web_search"}],"max_tool_calls":2 """, Searching);
        Assert.Null(usual.Refusal);
        Assert.Equal((Bounds.Window * 9, 10L), (usual.InputTokens, usual.OutputTokens));
        Assert.Equal((Bounds.Window * 3, 10L), (told.InputTokens, told.OutputTokens));
        Assert.Equal((told.InputTokens * 1) + (10 * 4) + (2 * 10_000_000), told.Cost.NanoUsd);
    }

    [Fact]
    public void Limit_of_tool_calls_is_put_in_where_there_is_none()
    {
        var body = """{"model":"m","input":"a","tools":[{"type":"web_search"}]}""";
        var members = Parse(body);
        Assert.False(members.HasToolCallLimit);
        var edit = ToolLimitEdit.Create(members, 8);
        Assert.Equal(
            """{"model":"m","max_tool_calls":8,"input":"a","tools":[{"type":"web_search"}]}""",
            body[..edit.Offset] + Encoding.UTF8.GetString(edit.Replacement.Span) + body[(edit.Offset + edit.Length)..]
        );
    }

    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\"")]
    [InlineData("\"prompt\":{\"id\":\"pmpt_1\"}")]
    public void Stored_context_counts_as_the_longest_prompt(string member) => Assert.Equal(Bounds.Window, Bound(member).InputTokens);

    [Theory]
    [InlineData("""{"role":"user","content":"a"}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]}""")]
    [InlineData("""{"type":"message","id":"m","status":"completed","role":"assistant","content":[{"type":"output_text","text":"a"}]}""")]
    [InlineData("""{"type":"reasoning","id":"r","summary":[],"encrypted_content":"abc"}""")]
    [InlineData("""{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}""")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":"text"}""")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"a"}]}""")]
    [InlineData("""{"type":"local_shell_call","call_id":"c","status":"completed","action":{"type":"exec","command":["ls"]}}""")]
    [InlineData("""{"type":"custom_tool_call","call_id":"c","name":"f","input":"x"}""")]
    public void Item_of_text_is_bounded_by_its_bytes(string item) => Assert.Equal(0, Read(item).OpaqueParts);

    [Theory]
    [InlineData("""{"type":"item_reference","id":"i"}""")]
    [InlineData("""{"type":"image_generation_call","id":"i","result":"QUJD"}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_file","file_id":"f"}]}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_file","file_data":"data:application/pdf;base64,QUJD"}]}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_text","text":"a","image_url":"https://x"}]}""")]
    [InlineData("""{"type":"message","type":"reasoning","content":"a"}""")]
    [InlineData("""{"type":"message","role":"user","content":"a","attachments":["f"]}""")]
    public void Item_whose_size_cannot_be_told_is_opaque(string item) => Assert.True(Read(item).OpaqueParts > 0);

    [Fact]
    public void Image_counts_as_an_image()
    {
        var content = Read(
            """{"role":"user","content":[{"type":"input_image","detail":"auto","image_url":"data:image/png;base64,QUJD"}]}"""
        );
        Assert.Equal((1, 0), (content.InlineImages, content.OpaqueParts));
    }

    private static ContentSummary Read(string item) => Parse($$"""{"model":"m","input":[{{item}}]}""").Content;

    private static CallBound Bound(string member, PolicyModel? model = null)
    {
        var body = $$"""{"model":"m","max_output_tokens":10,"input":"a",{{member}}}""";
        return CallBound.Compute(ApiTable.Responses, Parse(body), body.Length, model ?? Bounds.Model);
    }

    private static RequestMembers Parse(string body)
    {
        Assert.True(Reader.TryRead(Encoding.UTF8.GetBytes(body), ApiTable.Responses, out var members, out var refusal), refusal?.Message);
        return members;
    }
}
