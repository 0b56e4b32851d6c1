using System.ClientModel;
using System.Text.Json;
using OpenAI.Chat;

namespace Gateway.Tests.Sdk;

/// <summary>OpenAI's own .NET package against the running product: what its users see of a no, and when it tries again.</summary>
public sealed class DotNetSdkErrorTests(SdkHub sdk) : IClassFixture<SdkHub>
{
    [Theory]
    [InlineData("sandbox-nobody", 404, "model_not_found", "The model `sandbox-nobody` does not exist")]
    [InlineData("sandbox-status-400", 400, null, "Invalid value for 'temperature': 9.")]
    [InlineData("sandbox-status-401", 502, "upstream_refused", "The gateway's operator must fix this.")]
    [InlineData("sandbox-status-404", 404, null, "The model `nope` does not exist")]
    [InlineData("sandbox-status-429", 429, null, "Rate limit reached for mock")]
    [InlineData("sandbox-status-500", 500, null, "The server had an error while processing your request.")]
    [InlineData("sandbox-status-503", 503, null, "The engine is currently overloaded")]
    [InlineData("sandbox-html-error", 502, null, "status 502")]
    [InlineData("sandbox-empty-error", 500, null, "status 500")]
    [InlineData("sandbox-malformed-json", 502, "upstream_invalid_response", "could not be read")]
    [InlineData("sandbox-drop-before-headers", 502, "upstream_unreachable", "could not be reached")]
    public async Task An_error_has_status_code_and_text(string model, int status, string? code, string text)
    {
        var error = await FailAsync(model);
        Assert.Equal(status, error.Status);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        if (code is not null)
        {
            Assert.Equal(code, CodeOf(error));
            Assert.Contains(code, error.Message, StringComparison.Ordinal); // the SDK shows it to whoever reads the exception
        }
    }

    [Fact]
    public async Task An_unknown_key_is_401()
    {
        var error = await FailAsync("sandbox-chat", "sk-hub-aaaaaaaaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        Assert.Equal((401, "invalid_api_key"), (error.Status, CodeOf(error)));
    }

    [Fact]
    public async Task A_revoked_key_is_401_and_says_so()
    {
        var error = await FailAsync("sandbox-chat", sdk.RevokedKey);
        Assert.Equal((401, "api_key_revoked"), (error.Status, CodeOf(error)));
    }

    [Fact]
    public async Task A_model_that_the_key_may_not_use_is_403()
    {
        var error = await FailAsync("sandbox-tools", sdk.RestrictedKey);
        Assert.Equal((403, "model_not_allowed"), (error.Status, CodeOf(error)));
    }

    [Fact]
    public async Task A_steering_member_is_400_and_named()
    {
        var body = BinaryContent.Create(
            BinaryData.FromString("""{"model":"sandbox-chat","mock_response":"x","messages":[{"role":"user","content":"Hello"}]}""")
        );
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            sdk.NewClient().GetChatClient("sandbox-chat").CompleteChatAsync(body)
        );
        Assert.Equal((400, "unsupported_member"), (error.Status, CodeOf(error)));
        Assert.Contains("mock_response", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sandbox-nobody")] // ours
    [InlineData("sandbox-status-500")] // the upstream's
    public async Task An_error_carries_the_request_id(string model)
    {
        var headers = (await FailAsync(model)).GetRawResponse()!.Headers;
        Assert.True(headers.TryGetValue("x-request-id", out var id));
        Assert.True(headers.TryGetValue("x-oneui-request-id", out var ours));
        Assert.True(Guid.TryParse(id, out _));
        Assert.Equal(ours, id);
    }

    [Fact]
    public async Task A_failed_call_is_free()
    {
        var error = await FailAsync("sandbox-status-504");
        Assert.True(error.GetRawResponse()!.Headers.TryGetValue("x-oneui-request-id", out var id));
        var record = await Support.HubLedger.RecordAsync(sdk.Hub, id!);
        Assert.Equal(("failed", 504, 0), (record.Status, record.HttpStatus, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task The_wait_that_the_upstream_asks_for_reaches_the_client()
    {
        var error = await FailAsync("sandbox-status-429-retry-7");
        Assert.True(error.GetRawResponse()!.Headers.TryGetValue("retry-after", out var wait));
        Assert.Equal("7", wait);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_by_the_sdk()
    {
        await FailAsync("sandbox-status-503-retry-1", retries: 1);
        Assert.Equal(2, sdk.CallsOf("sandbox-status-503-retry-1").Count);
    }

    [Fact]
    public async Task A_wrong_request_is_not_tried_again()
    {
        await FailAsync("sandbox-status-422", retries: 3);
        Assert.Single(sdk.CallsOf("sandbox-status-422"));
    }

    private async Task<ClientResultException> FailAsync(string model, string? key = null, int retries = 0) =>
        await Assert.ThrowsAsync<ClientResultException>(() =>
            sdk.NewClient(key, retries).GetChatClient(model).CompleteChatAsync(new UserChatMessage("Hello"))
        );

    private static string? CodeOf(ClientResultException error)
    {
        using var body = JsonDocument.Parse(error.GetRawResponse()!.Content);
        return body.RootElement.GetProperty("error").GetProperty("code").GetString();
    }
}
