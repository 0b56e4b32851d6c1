using System.Net;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>For whom a call is made and which tags it has: from headers, and from the members that clients' libraries fill.</summary>
public sealed class LabelTests(LabelTests.Fixture fixture) : IClassFixture<LabelTests.Fixture>
{
    private const string EndUser = "x-oneui-end-user";
    private const string Tags = "x-oneui-tags";

    [Fact]
    public async Task Headers_name_the_end_user_and_the_tags()
    {
        var record = await RecordAsync(InferenceCalls.Chat("sandbox-chat"), (EndUser, "ann"), (Tags, " web, eu,web ,"));
        Assert.Equal("ann", record.EndUser);
        Assert.Equal(["web", "eu"], record.Tags);
    }

    [Theory]
    [InlineData(""","user":"ann" """, "ann")]
    [InlineData(""","safety_identifier":"ann" """, "ann")]
    [InlineData(""","metadata":{"user_id":"ann"}""", "ann")]
    [InlineData(""","metadata":{"user_id":"bob"},"user":"ann" """, "ann")]
    [InlineData(""","user":null,"metadata":{"user_id":"ann"}""", "ann")]
    [InlineData(""","user":"" """, null)]
    public async Task Members_of_the_body_name_the_end_user(string more, string? endUser) =>
        Assert.Equal(endUser, (await RecordAsync(InferenceCalls.Chat("sandbox-chat", more))).EndUser);

    [Fact]
    public async Task Headers_go_before_the_body_and_tags_of_both_count()
    {
        var body = InferenceCalls.Chat("sandbox-chat", ""","user":"bob","metadata":{"tags":"eu,nightly"}""");
        var record = await RecordAsync(body, (EndUser, "ann"), (Tags, "web,eu"));
        Assert.Equal("ann", record.EndUser);
        Assert.Equal(["web", "eu", "nightly"], record.Tags);
    }

    [Fact]
    public async Task Anthropics_metadata_names_the_end_user()
    {
        using var client = fixture.Hub.NewClient(fixture.Hub.ApiKey);
        using var call = InferenceCalls.Post(
            "/v1/messages",
            """{"model":"claude-sonnet-4","max_tokens":20,"metadata":{"user_id":"ann"},"messages":[{"role":"user","content":"Hi"}]}"""
        );
        using var answer = await client.SendAsync(call);
        Assert.Equal("ann", (await fixture.Hub.RecordAsync(answer)).EndUser);
    }

    [Theory]
    [InlineData(""","user":"ab\u0007cd" """)]
    [InlineData(""","user":7""")]
    [InlineData(""","user":["ann"]""")]
    [InlineData(""","metadata":{"user_id":{"a":1}}""")]
    [InlineData(""","metadata":{"tags":"1,2,3,4,5,6,7,8,9,10,a-tag-that-is-longer-than-sixty-four-characters-which-no-column-holds"}""")]
    [InlineData(""","metadata":{"user_id":"user_0_account_0_session_0"}""")]
    public async Task No_call_is_refused_for_what_its_body_says(string more) =>
        Assert.Equal("ok", (await RecordAsync(InferenceCalls.Chat("sandbox-chat", more))).Outcome);

    [Fact]
    public async Task A_very_long_name_in_a_body_is_its_hash()
    {
        var record = await RecordAsync(InferenceCalls.Chat("sandbox-chat", $",\"user\":\"{new string('x', 5_000)}\""));
        Assert.Matches("^sha256-[0-9a-f]{32}$", record.EndUser);
    }

    [Theory]
    [InlineData(Tags, "a,b,c,d,e,f,g,h,i", "holds 9 tags; send at most 8")]
    [InlineData(Tags, "a-tag-that-is-longer-than-sixty-four-characters-which-no-column-holds", "longer than 64 characters")]
    [InlineData(EndUser, "a-name-that-is-longer-than-sixty-four-characters-which-no-column-holds", "longer than 64 characters")]
    public async Task A_header_that_cannot_be_taken_is_named_with_the_remedy(string header, string value, string text)
    {
        using var client = fixture.Hub.NewClient(fixture.Hub.ApiKey);
        using var call = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-chat"));
        call.Headers.Add(header, value);
        using var answer = await client.SendAsync(call);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal("invalid_header", error.GetProperty("code").GetString());
        Assert.Equal(header, error.GetProperty("param").GetString());
        Assert.Contains(text, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<UsageRecord> RecordAsync(string body, params (string Name, string Value)[] headers)
    {
        using var client = fixture.Hub.NewClient(fixture.Hub.ApiKey);
        using var call = InferenceCalls.Post(InferenceCalls.ChatPath, body);
        foreach (var (name, value) in headers)
        {
            call.Headers.Add(name, value);
        }
        using var answer = await client.SendAsync(call);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await fixture.Hub.RecordAsync(answer);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync() => Hub = await HubHost.StartAsync();

        public Task DisposeAsync() => Hub.DisposeAsync().AsTask();
    }
}
