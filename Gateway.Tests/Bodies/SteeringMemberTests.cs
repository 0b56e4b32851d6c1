using System.Text;
using System.Text.Json;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>Members that steer LiteLLM, at every place where it reads them.</summary>
public sealed class SteeringMemberTests
{
    private static readonly RequestReader Reader = new(new BodyOptions());

    public static TheoryData<string> Bodies =>
        new()
        {
            "\"deployment_id\":\"dear\"",
            "\"specific_deployment\":true",
            "\"d\\u0065ployment_id\":\"dear\"",
            "\"tags\":[\"paid\"]",
            "\"enable_tag_filtering\":true",
            "\"timeout\":1",
            "\"drop_params\":true",
            "\"additional_drop_params\":[\"max_tokens\"]",
            "\"allowed_openai_params\":[\"x\"]",
            "\"extra_headers\":{}",
            "\"headers\":{}",
            "\"organization\":\"o\"",
            "\"prompt_id\":\"p\"",
            "\"model_info\":{}",
            "\"input_cost_per_token\":0",
            "\"caching\":true",
            "\"ttl\":1",
            "\"max_parallel_requests\":9",
            "\"aws_region_name\":\"x\"",
            "\"vertex_credentials\":\"x\"",
            "\"user_api_key_hash\":\"x\"",
            "\"_litellm_anything\":1",
            "\"router_settings_override\":{}",
            "\"guardrails\":[]",
            "\"silent_model\":\"dear\"",
            "\"metadata[tags]\":\"x\"",
            "\"litellm_params\":{\"metadata\":{}}",
            "\"metadata\":{\"deployment_id\":\"dear\"}",
            "\"metadata\":{\"specific_deployment\":\"dear\"}",
            "\"metadata\":{\"tags\":[\"paid\"]}",
            "\"metadata\":{\"model_info\":{\"id\":1}}",
            "\"metadata\":{\"user_api_key_user_id\":\"x\"}",
            "\"metadata\":{\"langfuse_host\":\"x\"}",
            "\"metadata\":{\"ta\\u0067s\":[\"paid\"]}",
            "\"extra_body\":{\"model\":\"dear\"}",
            "\"extra_body\":{\"max_tokens\":1000000}",
            "\"extra_body\":{\"deployment_id\":\"dear\"}",
            "\"extra_body\":{\"extra_body\":{\"n\":9}}",
            "\"extra_body\":{\"metadata\":{\"tags\":[\"paid\"]}}",
            "\"extra_body\":{\"x\":1,\"fallbacks\":[]}",
        };

    [Theory, MemberData(nameof(Bodies))]
    public void A_member_that_steers_is_refused(string member)
    {
        var refusal = Refuse(member);
        Assert.Equal((400, "unsupported_member"), (refusal.Status, refusal.Code));
        Assert.Contains(refusal.Param!, refusal.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("metadata"), InlineData("extra_body")]
    public void An_object_written_as_text_is_refused_because_the_upstream_reads_it(string name)
    {
        Assert.Equal(("invalid_value", name), (Refuse($"\"{name}\":\"{{\\\"tags\\\":[1]}}\"").Code, Refuse($"\"{name}\":\" {{}}\"").Param));
        Assert.Equal("invalid_value", Refuse($"\"{name}\":\"\\u0020\\n\\u007b}}\"").Code);
    }

    [Theory]
    [InlineData(
        "\"metadata\":{\"tags\":\"red\",\"deployment\":\"prod\",\"model_info\":\"x\",\"order\":\"17\",\"client\":\"acme\",\"organization\":\"acme\",\"timeout\":\"no\",\"client_id\":\"7\",\"session_id\":\"s\",\"user_id\":\"u\",\"trace_id\":\"t\"}"
    )]
    [
        InlineData("\"metadata\":{\"deep\":{\"deployment_id\":1}}"),
        InlineData("\"metadata\":\"text\""),
        InlineData("\"metadata\":[{\"tags\":[]}]"),
        InlineData("\"metadata\":{\"tags\":null}")
    ]
    [
        InlineData("\"extra_body\":{\"top_k\":3,\"chat_template_kwargs\":{\"model\":\"x\"}}"),
        InlineData("\"extra_body\":null"),
        InlineData("\"extra_body\":\"text\"")
    ]
    [
        InlineData("\"thinking\":{\"type\":\"enabled\"}"),
        InlineData("\"priority\":1"),
        InlineData("\"user\":\"u\",\"seed\":1,\"store\":true,\"prompt_cache_key\":\"k\""),
        InlineData("\"Deployment_Id\":1")
    ]
    public void A_clients_own_labels_and_the_apis_own_members_pass(string member) =>
        Assert.True(TryRead(Reader, member, out var refusal), refusal?.Message);

    [Fact]
    public void Every_name_that_was_derived_is_refused_unless_a_reason_says_why_it_passes()
    {
        using var derived = Resource("litellm-1.109.1.json");
        using var rules = Resource("rules.json");
        var passing = rules
            .RootElement.GetProperty("passing")
            .EnumerateObject()
            .ToDictionary(rule => rule.Name, rule => rule.Value.GetString());
        Assert.All(passing, rule => Assert.NotEmpty(rule.Value!));
        var names = new[] { "parameters", "deployment", "request", "refused", "router", "proxy" }
            .SelectMany(section => derived.RootElement.GetProperty(section).EnumerateArray().Select(name => name.GetString()!))
            .Distinct()
            .ToList();
        Assert.InRange(names.Count, 400, 2_000);
        Assert.All(names.Where(name => !passing.ContainsKey(name)), name => Assert.Equal(name, Refuse($"\"{name}\":1").Param));
    }

    [Fact]
    public void Every_api_refuses_them()
    {
        foreach (var api in ApiTable.All)
        {
            Assert.False(Reader.TryRead("""{"model":"m","deployment_id":"dear"}"""u8, api, out _, out var refusal));
            Assert.Equal("deployment_id", refusal.Param);
        }
    }

    [Fact]
    public void The_option_lets_a_name_pass_at_every_depth_and_no_other()
    {
        var reader = new RequestReader(new BodyOptions { AllowedSteeringMembers = ["tags", "max_tokens", "deployment_id"] });
        Assert.True(
            TryRead(
                reader,
                "\"tags\":[],\"metadata\":{\"tags\":[],\"deployment_id\":1},\"extra_body\":{\"max_tokens\":1,\"tags\":[]}",
                out var refusal
            ),
            refusal?.Message
        );
        Assert.False(TryRead(reader, "\"extra_body\":{\"model\":\"dear\"}", out _));
    }

    [Theory, InlineData("mock_"), InlineData("litellm_"), InlineData("metadata[")]
    public void A_long_name_is_shown_back_short(string prefix)
    {
        var refusal = Refuse($"\"{prefix}{new string('x', 1_000_000)}\":1");
        Assert.InRange(refusal.Message.Length, 1, 400);
        Assert.InRange(
            OpenAiErrors.Form.Serialize(500, new OpenAiError(refusal.Message, refusal.Type, refusal.Param, refusal.Code), "id").Length,
            1,
            1_000
        );
    }

    [Fact]
    public async Task A_member_that_steers_never_reaches_the_upstream()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = upstream.Address.ToString() }
        );
        foreach (var member in new[] { "\"deployment_id\":\"dear\"", "\"extra_body\":{\"model\":\"dear\"}", "\"metadata\":{\"tags\":[1]}" })
        {
            var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("fake", "," + member));
            Assert.Equal("unsupported_member", (await answer.ErrorAsync()).Code);
        }
        Assert.Empty(upstream.Calls);
    }

    private static JsonDocument Resource(string file) =>
        JsonDocument.Parse(typeof(RequestReader).Assembly.GetManifestResourceStream("Gateway.Bodies.Steering." + file)!);

    private static Refusal Refuse(string member)
    {
        Assert.False(TryRead(Reader, member, out var refusal), $"{member[..Math.Min(100, member.Length)]} passed.");
        return refusal!;
    }

    private static bool TryRead(RequestReader reader, string member, out Refusal? refusal) =>
        reader.TryRead(Encoding.UTF8.GetBytes($"{{\"model\":\"m\",{member}}}"), ApiTable.Chat, out _, out refusal);
}
