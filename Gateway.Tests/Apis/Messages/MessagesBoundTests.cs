using System.Text;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Core.Configuration;
using Gateway.Limits.Bound;
using Gateway.Tests.Limits.Bound;

namespace Gateway.Tests.Apis.Messages;

/// <summary>What each member and block of Anthropic's messages means for the bound of a budgeted call.</summary>
public sealed class MessagesBoundTests
{
    private static readonly RequestReader Reader = new(new BodyOptions());

    [Theory]
    [InlineData("""  "system":[{"type":"text","text":"You are.","cache_control":{"type":"ephemeral"}}] """)]
    [InlineData("""  "thinking":{"type":"adaptive"},"output_config":{"effort":"high"} """)]
    [InlineData("""  "metadata":{"user_id":"u"},"stop_sequences":["a"],"top_k":5,"tool_choice":{"type":"auto"} """)]
    [InlineData(
        """  "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"},{"type":"clear_tool_uses_20250919"}]} """
    )]
    [InlineData("""  "tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"bash_20250124","name":"bash"}] """)]
    [InlineData("""  "service_tier":"standard_only" """)]
    public void Member_that_cannot_raise_the_cost_passes(string member) => Assert.Null(Bound(member).Refusal);

    [Theory]
    [InlineData("""  "context_management":{"edits":[{"type":"compact_20260112"}]} """, "unbounded_request")]
    [InlineData("""  "mcp_servers":[{"type":"url","url":"https://x"}] """, "unbounded_request")]
    [InlineData("""  "container":"c" """, "unbounded_request")]
    [InlineData("""  "speed":"fast" """, "unbounded_request")]
    [InlineData("""  "tools":[{"type":"web_search_20250305","name":"web_search"}] """, "hosted_tool_not_allowed")]
    [InlineData("""  "tools":[{"type":"code_execution_20250825","name":"code_execution"}] """, "hosted_tool_not_allowed")]
    public void Member_that_can_raise_it_is_refused(string member, string code) => Assert.Equal(code, Bound(member).Refusal?.Code);

    [Theory]
    [InlineData("""{"type":"text","text":"a","citations":null}""")]
    [InlineData("""{"type":"thinking","thinking":"a","signature":"b"}""")]
    [InlineData("""{"type":"redacted_thinking","data":"abc"}""")]
    [InlineData("""{"type":"tool_use","id":"t","name":"f","input":{"a":1}}""")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"a"}],"is_error":false}""")]
    [InlineData("""{"tool_use_id":"t","content":"text","type":"tool_result"}""")]
    [InlineData("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"abc"},"title":"t"}""")]
    [InlineData("""{"type":"search_result","source":"https://x","title":"t","content":[{"type":"text","text":"a"}]}""")]
    public void Block_of_text_is_bounded_by_its_bytes(string block)
    {
        var content = Read(block).Content;
        Assert.Equal((0, 0, 0, 0), (content.UnknownParts, content.FileReferences, content.InlineFiles, content.ImageUrls));
    }

    [Fact]
    public void Image_in_the_body_counts_as_an_image_and_not_as_text()
    {
        var content = Read("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJDRA=="}}""").Content;
        Assert.Equal((1, 8L, 0), (content.InlineImages, content.InlineMediaBytes, content.UnknownParts));
    }

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"url","url":"https://x/a.png"}}""", 1, 0, 0, 0)]
    [InlineData("""{"type":"image","source":{"type":"file","file_id":"f"}}""", 0, 1, 0, 0)]
    [InlineData("""{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QUJD"}}""", 0, 0, 1, 0)]
    [InlineData("""{"type":"document","source":{"type":"url","url":"https://x/a.pdf"}}""", 0, 1, 0, 0)]
    [InlineData("""{"type":"container_upload","file_id":"f"}""", 0, 0, 0, 1)]
    [InlineData("""{"type":"text","text":"a","source":{"type":"url","url":"https://x"}}""", 0, 0, 0, 1)]
    [InlineData("""{"type":"text","type":"image","text":"a"}""", 0, 0, 0, 1)]
    [InlineData("""{"type":"image","source":{"type":"url","url":"a","data":"QUJD"}}""", 0, 0, 0, 1)]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"nobody_knows","a":1}]}""", 0, 0, 0, 1)]
    public void Block_whose_size_cannot_be_told_is_counted_as_such(string block, int urls, int files, int inline, int unknown)
    {
        var content = Read(block).Content;
        Assert.Equal(
            (urls, files, inline, unknown),
            (content.ImageUrls, content.FileReferences, content.InlineFiles, content.UnknownParts)
        );
    }

    [Fact]
    public void Maximum_is_put_in_where_the_client_set_none()
    {
        var bound = CallBound.Compute(ApiTable.Messages, Parse("""{"model":"m","messages":[]}"""), 30, Bounds.Model);
        Assert.True(bound.PutsMaximumIn);
        Assert.Equal(
            7,
            CallBound.Compute(ApiTable.Messages, Parse("""{"model":"m","messages":[],"max_tokens":7}"""), 30, Bounds.Model).OutputTokens
        );
    }

    private static CallBound Bound(string member)
    {
        var body = $$"""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"a"}],{{member}}}""";
        return CallBound.Compute(ApiTable.Messages, Parse(body), body.Length, Bounds.Model);
    }

    private static RequestMembers Read(string block) =>
        Parse($$"""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":[{{block}}]}]}""");

    private static RequestMembers Parse(string body)
    {
        Assert.True(Reader.TryRead(Encoding.UTF8.GetBytes(body), ApiTable.Messages, out var members, out var refusal), refusal?.Message);
        return members;
    }
}
