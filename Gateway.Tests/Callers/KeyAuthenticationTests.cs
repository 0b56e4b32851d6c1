using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Keys;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Callers;

[Collection(SharedHubCollection.Name)]
public sealed class KeyAuthenticationTests(SharedHub shared)
{
    private const string Invalid = "invalid_request_error";

    private readonly HubHost _hub = shared.Hub;

    public static TheoryData<string, string> Headers =>
        new()
        {
            { "Authorization", "Bearer " },
            { "Authorization", "bearer " },
            { "x-api-key", "" },
            { "api-key", "" },
        };

    [Theory, MemberData(nameof(Headers))]
    public async Task A_key_is_taken_from_each_header(string header, string scheme) =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync((header, scheme + _hub.ApiKey))).StatusCode);

    [
        Theory,
        InlineData("/v1/chat/completions"),
        InlineData("/v1/completions"),
        InlineData("/v1/embeddings"),
        InlineData("/chat/completions"),
        InlineData("/v1/models"),
        InlineData("/v1/key")
    ]
    public async Task Without_a_key_every_route_answers_401(string path)
    {
        var answer = await _hub.Anonymous.PostAsync(path, null);
        await answer.AssertRefusedAsync(401, Invalid, "missing_api_key");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory, InlineData("sk-hub-short"), InlineData("sk-other-0123456789"), InlineData("sk-hub-0123456789abcdef-!!!")]
    public async Task A_malformed_key_is_refused(string key) =>
        await (await SendAsync(("x-api-key", key))).AssertRefusedAsync(401, Invalid, "invalid_api_key");

    [Fact]
    public async Task A_scheme_other_than_bearer_is_refused() =>
        await (await SendAsync(("Authorization", "Basic dTpw"))).AssertRefusedAsync(401, Invalid, "invalid_api_key");

    [Fact]
    public async Task An_unknown_key_is_refused() =>
        await (await SendAsync(("api-key", ApiKeyText.Create().Text))).AssertRefusedAsync(401, Invalid, "invalid_api_key");

    [Fact]
    public async Task A_known_public_id_with_another_secret_is_refused_like_an_unknown_key()
    {
        var unknown = await (await SendAsync(("x-api-key", ApiKeyText.Create().Text))).ErrorAsync();
        var forged = _hub.ApiKey[..^ApiKeyText.SecretLength] + Base62.Random(ApiKeyText.SecretLength);
        var error = await (await SendAsync(("x-api-key", forged))).AssertRefusedAsync(401, Invalid, "invalid_api_key");
        Assert.Equal(unknown.Message, error.Message);
    }

    [Fact]
    public async Task An_imported_key_is_known_by_its_hash_and_after_a_rotation_has_our_form()
    {
        var text = $"sk-{Base62.Random(22)}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
        var key = await _hub.AddCallerAsync(describeKey: k => (k.PublicId, k.SecretHash) = (ImportedKey.PublicIdOf(hash), hash));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(("Authorization", "Bearer " + text))).StatusCode);
        await (await SendAsync(("x-api-key", text + "x"))).AssertRefusedAsync(401, Invalid, "invalid_api_key");
        var renewed = ApiKeyText.Renew(ImportedKey.PublicIdOf(hash));
        await _hub.DecideHereAsync(
            ChangedEntities.ApiKey,
            key.Id,
            renewed.PublicId,
            async db => (await db.ApiKeys.SingleAsync(k => k.Id == key.Id)).SecretHash = renewed.SecretHash
        );
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(("x-api-key", renewed.Text))).StatusCode);
        await (await SendAsync(("x-api-key", text))).AssertRefusedAsync(401, Invalid, "invalid_api_key");
    }

    [Fact]
    public async Task A_key_that_is_switched_off_is_refused_as_revoked()
    {
        var key = await _hub.AddCallerAsync(describeKey: k => k.IsActive = false);
        await (await SendAsync(("x-api-key", key.Text))).AssertRefusedAsync(401, Invalid, "api_key_revoked");
    }

    [Fact]
    public async Task A_deleted_key_is_refused_as_revoked()
    {
        var key = await _hub.AddCallerAsync(describeKey: k => k.DeletedAt = k.CreatedAt);
        await (await SendAsync(("x-api-key", key.Text))).AssertRefusedAsync(401, Invalid, "api_key_revoked");
    }

    [Fact]
    public async Task Revoked_is_told_only_to_who_knows_the_secret()
    {
        var key = await _hub.AddCallerAsync(describeKey: k => k.IsActive = false);
        var forged = key.Text[..^ApiKeyText.SecretLength] + Base62.Random(ApiKeyText.SecretLength);
        await (await SendAsync(("x-api-key", forged))).AssertRefusedAsync(401, Invalid, "invalid_api_key");
    }

    [Fact]
    public async Task An_expired_key_is_refused()
    {
        var key = await _hub.AddCallerAsync(describeKey: k => k.ExpiresAt = k.CreatedAt.AddSeconds(-1));
        await (await SendAsync(("x-api-key", key.Text))).AssertRefusedAsync(401, Invalid, "api_key_expired");
    }

    [Fact]
    public async Task The_key_of_an_inactive_user_is_refused()
    {
        var key = await _hub.AddCallerAsync(u => u.IsActive = false);
        await (await SendAsync(("x-api-key", key.Text))).AssertRefusedAsync(403, "permission_error", "account_inactive");
    }

    [Fact]
    public async Task The_key_of_a_deleted_user_is_refused()
    {
        var key = await _hub.AddCallerAsync(u => u.DeletedAt = u.CreatedAt);
        await (await SendAsync(("x-api-key", key.Text))).AssertRefusedAsync(403, "permission_error", "account_inactive");
    }

    [Fact]
    public async Task The_key_of_a_guest_whose_time_is_over_is_refused()
    {
        var key = await _hub.AddCallerAsync(u => (u.IsGuest, u.ExpiresAt) = (true, u.CreatedAt.AddSeconds(-1)));
        await (await SendAsync(("x-api-key", key.Text))).AssertRefusedAsync(403, "permission_error", "account_inactive");
    }

    [Theory, InlineData(FreeTierStatuses.Pending), InlineData(FreeTierStatuses.Rejected)]
    public async Task A_user_of_a_free_tier_without_approval_is_refused(string status)
    {
        var key = await _hub.AddCallerAsync(u => u.FreeTierStatus = status);
        await (await SendAsync(("x-api-key", key.Text))).AssertRefusedAsync(403, "permission_error", "approval_required");
    }

    [Fact]
    public async Task Different_credentials_in_several_headers_are_refused() =>
        await (await SendAsync(("Authorization", "Bearer " + _hub.ApiKey), ("x-api-key", ApiKeyText.Create().Text))).AssertRefusedAsync(
            400,
            Invalid,
            "several_credentials"
        );

    [Fact]
    public async Task The_same_key_in_all_headers_is_one_credential() =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await SendAsync(("Authorization", "Bearer " + _hub.ApiKey), ("x-api-key", _hub.ApiKey), ("api-key", _hub.ApiKey))).StatusCode
        );

    [Fact]
    public async Task Who_calls_is_decided_before_method_media_type_and_body()
    {
        await (await _hub.Anonymous.DeleteAsync(InferenceCalls.ChatPath)).AssertRefusedAsync(401, Invalid, "missing_api_key");
        await (await _hub.Anonymous.PostAsync(InferenceCalls.ChatPath, new StringContent("{", null, "text/plain"))).AssertRefusedAsync(
            401,
            Invalid,
            "missing_api_key"
        );
        await (await _hub.Anonymous.ChatAsync(InferenceCalls.Chat("no-such-model"))).AssertRefusedAsync(401, Invalid, "missing_api_key");
    }

    [Fact]
    public async Task A_refused_key_is_not_shown_back()
    {
        var key = ApiKeyText.Create();
        var answer = await SendAsync(("x-api-key", key.Text));
        Assert.DoesNotContain(key.Text[^ApiKeyText.SecretLength..], await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(params (string Name, string Value)[] headers)
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-chat"));
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }
        return await _hub.Anonymous.SendAsync(request);
    }
}
