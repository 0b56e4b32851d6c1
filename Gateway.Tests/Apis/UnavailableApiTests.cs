using Gateway.Tests.Support;

namespace Gateway.Tests.Apis;

/// <summary>APIs of OpenAI's that cannot be metered here are refused with what to do instead, never passed on.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class UnavailableApiTests(SharedHub shared)
{
    [Theory]
    [InlineData("POST", "/v1/uploads", "/v1/files")]
    [InlineData("POST", "/v1/conversations", "LiteLLM does not")]
    [InlineData("POST", "/v1/realtime/client_secrets", "Open a WebSocket")]
    [InlineData("POST", "/v1/responses/compact", "a summary")]
    [InlineData("POST", "/v1/assistants", "/v1/responses")]
    [InlineData("POST", "/v1/threads/runs", "/v1/responses")]
    [InlineData("GET", "/v1/vector_stores/vs_1/files", "input_file")]
    [InlineData("POST", "/v1/containers", "function tool")]
    [InlineData("POST", "/v1/fine_tuning/jobs", "catalogue")]
    [InlineData("POST", "/v1/evals", "/v1/batches")]
    [InlineData("POST", "/v1/videos", "the provider")]
    public async Task It_is_refused_with_the_remedy(string method, string path, string remedy)
    {
        var answer = await shared.Hub.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        var error = await answer.ErrorAsync();
        Assert.Equal((404, "not_available"), (error.Status, error.Code));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }
}
