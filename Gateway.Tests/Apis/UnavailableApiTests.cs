using Gateway.Tests.Support;

namespace Gateway.Tests.Apis;

/// <summary>APIs of OpenAI's that cannot be metered here are refused with what to do instead, never passed on.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class UnavailableApiTests(SharedHub shared)
{
    [Theory]
    [InlineData("GET", "/v1/files", "Put the content into the call")]
    [InlineData("POST", "/v1/uploads", "Put the content into the call")]
    [InlineData("GET", "/v1/files/file-1/content", "Put the content into the call")]
    [InlineData("POST", "/v1/batches", "one by one")]
    [InlineData("POST", "/v1/conversations", "previous_response_id")]
    [InlineData("GET", "/v1/realtime?model=gpt-realtime", "/v1/audio")]
    public async Task It_is_refused_with_the_remedy(string method, string path, string remedy)
    {
        var answer = await shared.Hub.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        var error = await answer.ErrorAsync();
        Assert.Equal((404, "not_available"), (error.Status, error.Code));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }
}
