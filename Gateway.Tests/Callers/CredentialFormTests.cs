using System.Net;
using Gateway.Core.Keys;
using Gateway.Tests.Support;

namespace Gateway.Tests.Callers;

/// <summary>A credential of a wrong form is told by the mistake that was made.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class CredentialFormTests(SharedHub shared)
{
    private readonly HubHost _hub = shared.Hub;

    [Theory]
    [
        InlineData("EMPTY"),
        InlineData("none"),
        InlineData("x"),
        InlineData("sk-proj-abc123"),
        InlineData("sk-1234"),
        InlineData("null"),
        InlineData("undefined"),
        InlineData("your-api-key"),
        InlineData("$KEY"),
        InlineData("lm-studio")
    ]
    public async Task What_is_no_key_at_all_is_told_so(string text)
    {
        foreach (var (header, value) in new[] { ("Authorization", "Bearer " + text), ("x-api-key", text), ("api-key", text) })
        {
            Assert.StartsWith("That is no API key of this gateway.", await RefusedAsync(header, value), StringComparison.Ordinal);
        }
    }

    [
        Theory,
        InlineData("Authorization", "Bearer Bearer {0}"),
        InlineData("Authorization", "Bearer bearer {0}"),
        InlineData("x-api-key", "Bearer {0}"),
        InlineData("api-key", "Bearer {0}"),
        InlineData("Authorization", "Bearer Bearer x")
    ]
    public async Task Bearer_once_too_often_is_told_apart(string header, string value) =>
        Assert.Contains("once too often", await RefusedAsync(header, string.Format(null, value, _hub.ApiKey)), StringComparison.Ordinal);

    [Theory, InlineData("Bearer \"{0}\""), InlineData("Bearer '{0}'"), InlineData("Bearer <{0}>")]
    public async Task A_key_in_quotation_marks_is_told_apart(string value) =>
        Assert.Contains(
            "quotation marks",
            await RefusedAsync("Authorization", string.Format(null, value, _hub.ApiKey)),
            StringComparison.Ordinal
        );

    [Theory, InlineData("Basic dTpw"), InlineData("Token {0}"), InlineData("EMPTY"), InlineData("sk-hub-short"), InlineData("Bearer{0}")]
    public async Task A_header_without_the_scheme_is_told_so(string value) =>
        Assert.Contains(
            "has no 'Bearer ' in front",
            await RefusedAsync("Authorization", string.Format(null, value, _hub.ApiKey)),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_whole_key_without_the_scheme_is_taken() =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("Authorization", _hub.ApiKey)).StatusCode);

    [Fact]
    public async Task A_whole_key_without_the_scheme_is_still_checked() =>
        Assert.StartsWith("Incorrect API key", await RefusedAsync("Authorization", ApiKeyText.Create().Text), StringComparison.Ordinal);

    [Theory, InlineData("Bearer"), InlineData("Bearer "), InlineData("bearer  ")]
    public async Task A_scheme_with_nothing_behind_is_told_so(string value) =>
        Assert.Contains("nothing after 'Bearer'", await RefusedAsync("Authorization", value, "missing_api_key"), StringComparison.Ordinal);

    [Theory, InlineData("a.b.c"), InlineData("eyJhbGciOiJIUzI1NiJ9.e30.x")]
    public async Task What_has_a_tokens_form_is_refused_as_one(string token) =>
        Assert.StartsWith(
            "The access token is not valid",
            await RefusedAsync("Authorization", "Bearer " + token, "invalid_token"),
            StringComparison.Ordinal
        );

    private async Task<string> RefusedAsync(string header, string value, string code = "invalid_api_key") =>
        (await (await SendAsync(header, value)).AssertRefusedAsync(401, "invalid_request_error", code)).Message;

    private Task<HttpResponseMessage> SendAsync(string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        Assert.True(request.Headers.TryAddWithoutValidation(header, value));
        return _hub.Anonymous.SendAsync(request);
    }
}
