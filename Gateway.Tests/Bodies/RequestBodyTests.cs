using System.Net;
using System.Text;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>What a body may not say.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class RequestBodyTests(SharedHub shared)
{
    private const string Invalid = "invalid_request_error";

    private readonly HubHost _hub = shared.Hub;

    public static TheoryData<string> Paths => ["/v1/chat/completions", "/v1/completions", "/v1/embeddings"];

    public static TheoryData<string> SteeringMembers =>
        [
            "fallbacks",
            "context_window_fallbacks",
            "content_policy_fallbacks",
            "default_fallbacks",
            "disable_fallbacks",
            "max_fallbacks",
            "num_retries",
            "max_retries",
            "retry_policy",
            "api_base",
            "base_url",
            "api_key",
            "api_version",
            "user_config",
            "model_list",
            "custom_llm_provider",
            "cache",
            "models",
            "route",
            "mock_response",
            "mock_anything",
            "litellm_params",
            "litellm_metadata",
            "litellm_x",
            "f\\u0061llbacks",
            "\\u006dock_response",
            "\\u006citellm_params",
        ];

    [Theory, MemberData(nameof(Paths))]
    public async Task An_empty_body_is_refused(string path) => await RefusedAsync("", "empty_body", path: path);

    [Theory, MemberData(nameof(Paths))]
    public async Task A_body_that_is_no_json_is_refused_with_the_place(string path)
    {
        var error = await RefusedAsync("{\"model\":\"x\",\n  oops}", "invalid_json", path: path);
        Assert.Equal("The request body is not valid JSON: line 2, byte 3.", error.Message);
    }

    [Theory, InlineData("[]"), InlineData("\"text\""), InlineData("1"), InlineData("null"), InlineData("[{\"model\":\"x\"}]")]
    public async Task A_body_that_is_no_object_is_refused(string body) => await RefusedAsync(body, "invalid_json");

    [
        Theory,
        InlineData("{\"model\":\"sandbox-chat\"} x"),
        InlineData("{\"model\":\"sandbox-chat\"}{}"),
        InlineData("{\"model\":\"sandbox-chat\""),
        InlineData("{\"model\":\"sandbox-chat\",}"),
        InlineData("// c\n{\"model\":\"sandbox-chat\"}")
    ]
    public async Task A_body_with_something_behind_or_missing_is_refused(string body) => await RefusedAsync(body, "invalid_json");

    [Fact]
    public async Task Text_that_is_no_utf8_is_refused()
    {
        byte[] body = [.. "{\"model\":\""u8, 0xFF, 0xFE, .. "\"}"u8];
        await (await _hub.Client.SendAsync(InferenceCalls.Post(InferenceCalls.ChatPath, body))).AssertRefusedAsync(
            400,
            Invalid,
            "invalid_json"
        );
    }

    [Fact]
    public async Task Deep_nesting_is_refused_and_ordinary_nesting_passes()
    {
        Assert.Equal(
            HttpStatusCode.OK,
            (await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat", $",\"x\":{Nested(50)}"))).StatusCode
        );
        await RefusedAsync(InferenceCalls.Chat("sandbox-chat", $",\"x\":{Nested(200)}"), "invalid_json");
        await RefusedAsync(InferenceCalls.Chat("sandbox-chat", $",\"x\":{Nested(100_000)}"), "invalid_json");
    }

    [Theory, InlineData("model", "\"sandbox-chat\""), InlineData("mod\\u0065l", "\"sandbox-chat\""), InlineData("m\\u006Fdel", "null")]
    public async Task Model_twice_is_refused(string name, string value) =>
        await RefusedAsync(InferenceCalls.Chat("sandbox-chat", $",\"{name}\":{value}"), "duplicate_member", "model");

    [Theory]
    [
        InlineData("stream", "true", "stream"),
        InlineData("str\\u0065am", "false", "stream"),
        InlineData("max_tokens", "5", "max_tokens"),
        InlineData("max_completion_tokens", "5", "max_completion_tokens")
    ]
    [InlineData("n", "1", "n"), InlineData("best_of", "1", "best_of"), InlineData("stream_options", "{}", "stream_options")]
    public async Task A_member_that_decides_given_twice_is_refused(string name, string value, string shown) =>
        await RefusedAsync(InferenceCalls.Chat("sandbox-chat", $",\"{shown}\":{value},\"{name}\":{value}"), "duplicate_member", shown);

    [Fact]
    public async Task Include_usage_twice_is_refused() =>
        await RefusedAsync(
            InferenceCalls.Stream("sandbox-chat", ",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}"),
            "duplicate_member",
            "stream_options.include_usage"
        );

    [Theory, InlineData("1"), InlineData("null"), InlineData("[\"sandbox-chat\"]"), InlineData("{}"), InlineData("true")]
    public async Task A_model_that_is_no_text_is_refused(string model) =>
        await RefusedAsync($"{{\"model\":{model},\"messages\":[]}}", "invalid_value", "model");

    [
        Theory,
        InlineData("{\"messages\":[]}"),
        InlineData("{}"),
        InlineData("{\"model\":\"\",\"messages\":[]}"),
        InlineData("{\"x\":{\"model\":\"sandbox-chat\"}}")
    ]
    public async Task A_body_without_a_model_is_refused(string body) => await RefusedAsync(body, "missing_model", "model");

    [Theory, InlineData("\"true\""), InlineData("1"), InlineData("{}"), InlineData("[]")]
    public async Task A_stream_that_is_no_boolean_is_refused(string stream) =>
        await RefusedAsync(InferenceCalls.Chat("sandbox-chat", ",\"stream\":" + stream), "invalid_value", "stream");

    [
        Theory,
        InlineData("n", "0"),
        InlineData("n", "-1"),
        InlineData("n", "129"),
        InlineData("n", "1e3"),
        InlineData("n", "99999999999999999999"),
        InlineData("n", "1.5"),
        InlineData("n", "\"2\""),
        InlineData("n", "true")
    ]
    [
        InlineData("best_of", "0"),
        InlineData("best_of", "129"),
        InlineData("max_tokens", "-1"),
        InlineData("max_tokens", "1.5"),
        InlineData("max_tokens", "\"5\""),
        InlineData("max_tokens", "99999999999999999999"),
        InlineData("max_completion_tokens", "-5")
    ]
    public async Task A_count_out_of_range_is_refused(string name, string value) =>
        await RefusedAsync(InferenceCalls.Chat("sandbox-chat", $",\"{name}\":{value}"), "invalid_value", name);

    [
        Theory,
        InlineData("\"stream\":null"),
        InlineData("\"n\":null,\"max_tokens\":null"),
        InlineData("\"stream_options\":null"),
        InlineData("\"stream\":false,\"n\":2"),
        InlineData("\"max_tokens\":5")
    ]
    public async Task Null_and_ordinary_values_pass(string members) =>
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat", "," + members))).StatusCode);

    [Fact]
    public async Task Two_maxima_that_differ_are_refused() =>
        await RefusedAsync(
            InferenceCalls.Chat("sandbox-chat", ",\"max_tokens\":5,\"max_completion_tokens\":6"),
            "conflicting_maximum",
            "max_completion_tokens"
        );

    [Fact]
    public async Task Two_maxima_that_agree_pass() =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat", ",\"max_tokens\":5,\"max_completion_tokens\":5"))).StatusCode
        );

    [Theory, InlineData("[]"), InlineData("\"x\""), InlineData("true")]
    public async Task Stream_options_that_are_no_object_are_refused(string options) =>
        await RefusedAsync(InferenceCalls.Stream("sandbox-chat", ",\"stream_options\":" + options), "invalid_value", "stream_options");

    [Theory, MemberData(nameof(SteeringMembers))]
    public async Task A_member_that_steers_the_upstream_is_refused(string name)
    {
        var decoded = System.Text.RegularExpressions.Regex.Unescape(name);
        await RefusedAsync(InferenceCalls.Chat("sandbox-chat", $",\"{name}\":1"), "unsupported_member", decoded);
        await RefusedAsync(
            InferenceCalls.Chat("sandbox-chat", $",\"metadata\":{{\"a\":{{}},\"{name}\":1}}"),
            "unsupported_member",
            "metadata." + decoded
        );
    }

    [
        Theory,
        InlineData("metadata", "\"text\""),
        InlineData("metadata", "null"),
        InlineData("metadata", "{\"user\":\"x\",\"deep\":{\"fallbacks\":1}}"),
        InlineData("mock", "1"),
        InlineData("litellm", "1"),
        InlineData("router", "1"),
        InlineData("CACHE", "1")
    ]
    public async Task What_only_looks_like_a_steering_member_passes(string name, string value) =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat", $",\"{name}\":{value}"))).StatusCode
        );

    [Fact]
    public async Task A_steering_member_that_the_option_names_passes_and_no_other()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["ALLOWED_STEERING_MEMBERS"] = "num_retries, mock_response, litellm_metadata" }
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (
                await hub.Client.ChatAsync(
                    InferenceCalls.Chat("sandbox-chat", ",\"num_retries\":1,\"mock_response\":\"x\",\"litellm_metadata\":{\"a\":1}")
                )
            ).StatusCode
        );
        await (await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat", ",\"max_retries\":1"))).AssertRefusedAsync(
            400,
            Invalid,
            "unsupported_member",
            "max_retries"
        );
        await (
            await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat", ",\"litellm_metadata\":{\"api_base\":1}"))
        ).AssertRefusedAsync(400, Invalid, "unsupported_member", "metadata.api_base");
    }

    [Fact]
    public async Task A_refused_call_never_reaches_the_upstream_nor_the_ledger()
    {
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat", ",\"fallbacks\":[]"));
        Assert.Null(_hub.Sandbox!.Ledger.Find(answer.RequestId()));
        await using var db = await _hub.Databases.CreateDbContextAsync();
        Assert.Null(await db.LedgerEntries.FindAsync(answer.RequestId()));
    }

    private static string Nested(int depth) => new StringBuilder().Append('[', depth).Append(']', depth).ToString();

    private async Task<ErrorView> RefusedAsync(string body, string code, string? param = null, string path = InferenceCalls.ChatPath) =>
        await (await _hub.Client.SendAsync(InferenceCalls.Post(path, body))).AssertRefusedAsync(400, Invalid, code, param);
}
