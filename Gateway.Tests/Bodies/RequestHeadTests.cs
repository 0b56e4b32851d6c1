using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>Method, path, media type, lengths: what is refused before the body is looked at.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class RequestHeadTests(SharedHub shared)
{
    private const string Invalid = "invalid_request_error";

    private readonly HubHost _hub = shared.Hub;

    public static TheoryData<string> InferencePaths =>
        ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/chat/completions", "/completions", "/embeddings"];

    [Theory, MemberData(nameof(InferencePaths))]
    public async Task A_wrong_method_is_405_and_names_the_right_one(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options })
        {
            var answer = await _hub.Client.SendAsync(new HttpRequestMessage(method, path));
            await answer.AssertRefusedAsync(405, Invalid, "method_not_allowed");
            Assert.Equal(["POST"], answer.Content.Headers.Allow);
        }
    }

    [Theory, InlineData("/v1/models"), InlineData("/v1/models/gpt-4o"), InlineData("/v1/key"), InlineData("/models"), InlineData("/key")]
    public async Task Lists_take_get_only(string path)
    {
        var answer = await _hub.Client.PostAsync(path, null);
        await answer.AssertRefusedAsync(405, Invalid, "method_not_allowed");
        Assert.Equal(["GET"], answer.Content.Headers.Allow);
    }

    [
        Theory,
        InlineData("/v1/models", HttpStatusCode.OK),
        InlineData("/v1/key", HttpStatusCode.OK),
        InlineData("/v1/chat/completions", HttpStatusCode.MethodNotAllowed),
        InlineData("/health/live", HttpStatusCode.OK)
    ]
    public async Task Head_answers_as_get_would_without_a_body(string path, HttpStatusCode status)
    {
        var answer = await _hub.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory, InlineData("text/plain"), InlineData("multipart/form-data; boundary=x"), InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_415(string type)
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-chat"));
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        await (await _hub.Client.SendAsync(request)).AssertRefusedAsync(415, Invalid, "unsupported_media_type", "content-type");
    }

    [Fact]
    public async Task No_content_type_is_415()
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-chat"));
        request.Content!.Headers.Remove("Content-Type");
        await (await _hub.Client.SendAsync(request)).AssertRefusedAsync(415, Invalid, "unsupported_media_type", "content-type");
    }

    [Theory, InlineData("gzip"), InlineData("br"), InlineData("identity, gzip")]
    public async Task A_compressed_body_is_415(string encoding)
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-chat"));
        request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        await (await _hub.Client.SendAsync(request)).AssertRefusedAsync(415, Invalid, "unsupported_content_encoding", "content-encoding");
    }

    [Fact]
    public async Task Content_encoding_identity_is_none()
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-chat"));
        request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", "identity");
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.SendAsync(request)).StatusCode);
    }

    [
        Theory,
        InlineData("/v1/things"),
        InlineData("/v1/chat/completions/x"),
        InlineData("/v1"),
        InlineData("/v1/things/data.jsonl"),
        InlineData("/nothing/here.json")
    ]
    public async Task An_unknown_path_is_404(string path)
    {
        var error = await (await _hub.Client.PostAsync(path, new StringContent("{}", null, "application/json"))).AssertRefusedAsync(
            404,
            Invalid,
            "unknown_url"
        );
        Assert.Equal($"Unknown request URL: POST {path}. Check the URL for typos.", error.Message);
    }

    [Theory, InlineData(9_000), InlineData(20_000), InlineData(100_000)]
    public async Task A_url_that_is_too_long_is_414_in_shape(int length)
    {
        await (await _hub.Client.GetAsync("/v1/models?x=" + new string('a', length))).AssertRefusedAsync(414, Invalid, "uri_too_long");
        await (await _hub.Client.GetAsync("/v1/" + new string('a', length))).AssertRefusedAsync(414, Invalid, "uri_too_long");
    }

    [Theory, InlineData("/api/v1/tiers?x="), InlineData("/api/v1/users/")]
    public async Task On_the_management_api_it_has_that_apis_shape(string path)
    {
        var answer = await _hub.Client.GetAsync(path + new string('a', 20_000));
        Assert.Equal(414, (int)answer.StatusCode);
        Assert.Equal("uri_too_long", (await answer.JsonAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_a_client_wrote_is_shown_back_short()
    {
        var path = await (await _hub.Client.GetAsync("/v1/x" + new string('y', 5_000))).AssertRefusedAsync(404, Invalid, "unknown_url");
        var method = await (
            await _hub.Client.SendAsync(new HttpRequestMessage(new HttpMethod(new string('M', 3_000)), InferenceCalls.ChatPath))
        ).AssertRefusedAsync(405, Invalid, "method_not_allowed");
        Assert.InRange(path.Message.Length + method.Message.Length, 1, 500);
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_431_in_shape()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.TryAddWithoutValidation("x-long", new string('a', 40_000));
        await (await _hub.Client.SendAsync(request)).AssertRefusedAsync(431, Invalid, "headers_too_large");
    }

    [Fact]
    public async Task Many_small_headers_pass_while_they_are_within_the_limit()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        for (var i = 0; i < 300; i++)
        {
            request.Headers.TryAddWithoutValidation("x-h" + i, "v");
        }
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_clients_request_id_is_echoed_under_another_name_and_stored()
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-chat"));
        request.Headers.Add("x-request-id", "client.id_1");
        var answer = await _hub.Client.SendAsync(request);
        Assert.Equal("client.id_1", answer.Headers.GetValues("x-client-request-id").Single());
        Assert.NotEqual("client.id_1", answer.Headers.GetValues("x-request-id").Single());
        Assert.Equal("client.id_1", (await _hub.RecordAsync(answer)).ClientRequestId);
    }

    [Fact]
    public async Task A_clients_request_id_of_a_strange_form_is_dropped()
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-chat"));
        request.Headers.TryAddWithoutValidation("x-request-id", "<script>");
        Assert.False((await _hub.Client.SendAsync(request)).Headers.Contains("x-client-request-id"));
    }
}
