using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;

namespace Gateway.Tests.Admin.Conventions;

/// <summary>Sections 1.1 to 1.4 of the management API, over HTTP.</summary>
[Collection(AdminHubCollection.Name)]
public sealed partial class TransportTests(AdminHubs hubs) : IAsyncLifetime
{
    private AdminHub _hub = null!;

    public async Task InitializeAsync() => _hub = await hubs.OnAsync(TestDatabase.Sqlite);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_error_has_all_its_members_with_one_text_in_three()
    {
        var answer = await _hub.Anonymous.SendAsync("POST", "/auth/login", new { email = "", password = 5 });

        answer.IsError(400, "validation_failed");
        answer.Body.HasExactly("error", "message", "detail", "success", "code", "details", "request_id");
        Assert.Equal(answer.Body.Text("error"), answer.Body.Text("message"));
        Assert.Equal(answer.Body.Text("error"), answer.Body.Text("detail"));
        Assert.False(answer.Body.At("success").GetBoolean());
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), answer.Body.Text("request_id"));
        Assert.Equal(["email", "password"], answer.Body.At("details").EnumerateArray().Select(d => d.Text("field")));
        answer.Body.At("details.0").HasExactly("field", "code", "message");
        Assert.Equal("email: minimum length is 1; password: must be a text", answer.Body.Text("error"));
    }

    [Fact]
    public async Task Details_are_empty_unless_validation_failed()
    {
        var answer = await _hub.Anonymous.ReadAsync("/me");

        answer.IsError(401, "authorization_required");
        Assert.Equal(0, answer.Body.At("details").GetArrayLength());
        Assert.Equal("Authorization header required", answer.Body.Text("error"));
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/auth/login/more")]
    public async Task An_unknown_route_is_not_found_for_anybody(string path)
    {
        (await _hub.Anonymous.ReadAsync(path)).IsError(404, "route_not_found");
        (await _hub.Admin.Client.SendAsync("POST", path, new { })).IsError(404, "route_not_found");
    }

    [Fact]
    public async Task An_unknown_admin_route_is_told_to_admins_only()
    {
        var customer = await _hub.NewPersonAsync();

        (await _hub.Anonymous.ReadAsync("/admin/nothing")).IsError(401, "authorization_required");
        (await customer.Client.ReadAsync("/admin/nothing")).IsError(403, "forbidden");
        (await _hub.Admin.Client.ReadAsync("/admin/nothing")).IsError(404, "route_not_found");
    }

    [Fact]
    public async Task A_wrong_method_is_405_with_the_allowed_ones_after_the_caller_was_judged()
    {
        var customer = await _hub.NewPersonAsync();

        (await _hub.Anonymous.SendAsync("GET", "/auth/login")).IsError(405, "method_not_allowed");
        (await _hub.Anonymous.SendAsync("DELETE", "/me")).IsError(401, "authorization_required");
        (await customer.Client.SendAsync("DELETE", "/admin/users")).IsError(403, "forbidden");
        (await customer.Client.SendAsync("PUT", $"/users/{_hub.Admin.Id}/api-keys")).IsError(403, "forbidden");
        var answer = await customer.Client.SendAsync("PUT", "/users/me/api-keys");
        answer.IsError(405, "method_not_allowed");
        Assert.Equal(["GET", "POST"], answer.ContentHeaders.Allow.Order());
    }

    [Fact]
    public async Task Literal_segments_win_over_parameters() =>
        (await _hub.Admin.Client.SendAsync("GET", "/admin/models/sync")).IsError(405, "method_not_allowed");

    [Theory]
    [InlineData("/me/")]
    [InlineData("/users/me/api-keys/")]
    [InlineData("/admin/users/")]
    public async Task A_trailing_slash_is_served_without_a_redirect(string path) => (await _hub.Admin.Client.ReadAsync(path)).Is(200);

    [Fact]
    public async Task A_wrong_method_is_405_with_a_trailing_slash_too() =>
        (await _hub.Admin.Client.SendAsync("PUT", "/users/me/api-keys/", new { })).IsError(405, "method_not_allowed");

    [Theory, BothDatabases]
    public async Task Ids_of_any_form_are_simply_not_found(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        foreach (var id in new[] { "a%2Fb", "%25", "a%20b", "%D0%B8", "%ff", "'--", "a%0Ab", "..%2F..", new string('x', 1_000) })
        {
            (await hub.Admin.Client.ReadAsync("/admin/users/" + id)).IsError(404, "user_not_found");
            (await hub.Admin.Client.SendAsync("DELETE", "/api-keys/" + id)).IsError(404, "not_found");
        }
    }

    [Fact]
    public async Task Any_options_request_answers_204()
    {
        (await _hub.Anonymous.SendAsync("OPTIONS", "/admin/users")).Is(204);
        (await _hub.Anonymous.SendAsync("OPTIONS", "/nothing")).Is(204);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_content_type_is_415(string contentType)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        (await _hub.Anonymous.SendAsync("POST", "/auth/login", content)).IsError(415, "unsupported_media_type");
    }

    [Fact]
    public async Task A_body_without_content_type_and_a_compressed_one_are_415()
    {
        (await _hub.Anonymous.SendAsync("POST", "/auth/login", new ByteArrayContent("{}"u8.ToArray()))).IsError(
            415,
            "unsupported_media_type"
        );
        var compressed = new StringContent("{}", Encoding.UTF8, "application/json");
        compressed.Headers.ContentEncoding.Add("gzip");
        (await _hub.Anonymous.SendAsync("POST", "/auth/login", compressed)).IsError(415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{\"email\":\"\\ud800\",\"password\":\"x\"}")]
    public async Task Broken_json_and_what_is_no_object_is_400(string body) =>
        (await _hub.Anonymous.SendAsync("POST", "/auth/login", body)).IsError(400, "invalid_json");

    [Fact]
    public async Task Broken_utf8_and_endless_nesting_are_400()
    {
        byte[] broken = [.. "{\"email\":\""u8, 0xFF, .. "\",\"password\":\"x\"}"u8];
        var content = new ByteArrayContent(broken);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await _hub.Anonymous.SendAsync("POST", "/auth/login", content)).IsError(400, "invalid_json");
        (await _hub.Anonymous.SendAsync("POST", "/auth/login", "{\"a\":" + new string('[', 5_000) + new string(']', 5_000) + "}")).IsError(
            400,
            "invalid_json"
        );
    }

    [Fact]
    public async Task An_empty_body_equals_an_empty_object()
    {
        var answer = await _hub.Anonymous.SendAsync("POST", "/auth/login");

        answer.IsError(400, "validation_failed");
        Assert.Equal("email: is required; password: is required", answer.Body.Text("error"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_above_the_limit_is_413(bool tellsItsLength)
    {
        var body = JsonSerializer.Serialize(new { email = new string('x', 1024 * 1024), password = "x" });
        HttpContent content = tellsItsLength ? new StringContent(body) : new StreamContent(new UnknownLength(Encoding.UTF8.GetBytes(body)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await _hub.Anonymous.SendAsync("POST", "/auth/login", content)).IsError(413, "payload_too_large");
    }

    [Theory]
    [InlineData("text/plain", "{}")]
    [InlineData("application/json", "{")]
    public async Task Who_may_call_is_decided_before_form_and_existence(string contentType, string body)
    {
        var customer = await _hub.NewPersonAsync();
        foreach (
            var (method, path) in new[]
            {
                ("POST", "/admin/users"),
                ("PUT", "/admin/users/unknown"),
                ("PUT", "/admin/model-configs/unknown"),
                ("POST", $"/users/{_hub.Admin.Id}/api-keys"),
            }
        )
        {
            (await _hub.Anonymous.SendAsync(method, path, new StringContent(body, Encoding.UTF8, contentType))).IsError(
                401,
                "authorization_required"
            );
            (await customer.Client.SendAsync(method, path, new StringContent(body, Encoding.UTF8, contentType))).IsError(403, "forbidden");
        }
    }

    [Fact]
    public async Task A_usable_request_id_is_echoed_and_any_other_replaced()
    {
        async Task<string> IdOfAsync(string? given) => (
                await _hub.Anonymous.SendAsync(
                    "GET",
                    "/nothing",
                    adjust: r =>
                    {
                        if (given is not null)
                        {
                            r.Headers.TryAddWithoutValidation("X-Request-Id", given);
                        }
                    }
                )
            ).Headers.GetValues("X-Request-Id").Single();

        Assert.Equal("My-id_1.2", await IdOfAsync("My-id_1.2"));
        Assert.Equal(new string('a', 64), await IdOfAsync(new string('a', 64)));
        Assert.True(Guid.TryParse(await IdOfAsync(new string('a', 65)), out _));
        Assert.True(Guid.TryParse(await IdOfAsync("two words"), out _));
        Assert.NotEqual(await IdOfAsync(null), await IdOfAsync(null));
    }

    [Fact]
    public async Task Nothing_is_cached()
    {
        Assert.Equal("no-store", (await _hub.Admin.Client.ReadAsync("/me")).Headers.CacheControl!.ToString());
        Assert.Equal("no-store", (await _hub.Anonymous.ReadAsync("/nothing")).Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Times_end_with_z_and_have_at_most_milliseconds() =>
        Assert.Matches(Time(), (await _hub.Admin.Client.ReadAsync("/me")).Body.Text("created_at"));

    [Theory]
    [InlineData("limit=-1")]
    [InlineData("limit=x")]
    [InlineData("limit=1.5")]
    [InlineData("limit=")]
    [InlineData("limit=1&limit=2")]
    [InlineData("offset=-1")]
    [InlineData("skip=a")]
    [InlineData("is_active=yes")]
    [InlineData("is_active=")]
    [InlineData("is_active=TRUE")]
    [InlineData("role=owner")]
    [InlineData("search=%00")]
    public async Task A_wrong_parameter_is_400(string query) =>
        (await _hub.Admin.Client.ReadAsync("/admin/users?" + query)).IsError(400, "validation_failed");

    [Fact]
    public async Task A_list_shows_up_to_a_thousand_rows_unless_a_page_is_asked_for()
    {
        var answer = await _hub.Admin.Client.ReadAsync("/admin/users");
        Assert.Equal((1_000, 0), (answer.Body.Number("limit"), answer.Body.Number("offset")));
        Assert.False(answer.Body.At("has_more").GetBoolean());

        await _hub.NewPersonAsync();
        var page = await _hub.Admin.Client.ReadAsync("/admin/users?limit=1");
        page.Body.HasExactly("success", "message", "data", "users", "total_count", "limit", "offset", "has_more");
        Assert.Equal(1, page.Body.At("data").GetArrayLength());
        Assert.Equal(page.Body.At("data").GetRawText(), page.Body.At("users").GetRawText());
        Assert.True(page.Body.At("has_more").GetBoolean());
        Assert.True(page.Body.Number("total_count") >= 2);

        Assert.Equal(200, (await _hub.Admin.Client.ReadAsync("/admin/users?limit=201")).Body.Number("limit"));
        Assert.Equal(50, (await _hub.Admin.Client.ReadAsync("/admin/users?offset=0")).Body.Number("limit"));
        Assert.Equal(1, (await _hub.Admin.Client.ReadAsync("/admin/users?skip=1")).Body.Number("offset"));
        Assert.Equal(0, (await _hub.Admin.Client.ReadAsync("/admin/users?offset=99999999999999999999")).Body.At("data").GetArrayLength());
    }

    [Fact]
    public async Task Other_paths_keep_their_own_errors()
    {
        using var response = await _hub.Anonymous.GetAsync("/v1/nothing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(
            JsonValueKind.Object,
            JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.At("error").ValueKind
        );
    }

    [Fact]
    public async Task Traffic_does_not_pass_the_authentication_of_the_management_api()
    {
        List<(string Path, bool Judged)> seen = [];
        await using var host = await HubHost.StartAsync(configure: builder =>
            builder.Services.AddTransient<IStartupFilter>(_ => new After(http =>
                seen.Add(
                    (
                        http.Request.Path,
                        http.Features.Get<IAuthenticationFeature>() is not null
                            || http.Items.ContainsKey("__AuthorizationMiddlewareWithEndpointInvoked")
                    )
                )
            ))
        );
        await host.Client.GetAsync("/v1/models");
        await host.Anonymous.GetAsync("/api/v1/me");

        Assert.Equal([("/v1/models", false), ("/api/v1/me", true)], seen);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$")]
    private static partial Regex Time();

    private sealed class After(Action<HttpContext> look) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.Use(rest =>
                    async http =>
                    {
                        await rest(http);
                        look(http);
                    }
                );
                next(app);
            };
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
