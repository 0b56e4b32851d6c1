using System.ClientModel;
using Gateway.Sandbox;
using OpenAI;
using OpenAI.Chat;

namespace Gateway.Tests.Sandbox;

/// <summary>The sandbox spoken to by OpenAI's own client.</summary>
public sealed class SandboxOpenAiClientTests : IAsyncLifetime
{
    private SandboxHost _sandbox = null!;
    private OpenAIClient _client = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        _client = new OpenAIClient(
            new ApiKeyCredential(_sandbox.ApiKey),
            new OpenAIClientOptions { Endpoint = new Uri(_sandbox.BaseAddress, "v1") }
        );
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task Chat_is_understood()
    {
        ChatCompletion answer = await _client.GetChatClient("gpt-4o-mini").CompleteChatAsync("hi");
        Assert.Equal("Hello from the sandbox provider, in eight words.", answer.Content[0].Text);
        Assert.Equal((5, 8), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount));
    }

    [Theory]
    [InlineData("sandbox-chat")]
    [InlineData("sandbox-comments")]
    [InlineData("sandbox-crlf")]
    [InlineData("claude-sonnet-4")]
    public async Task Stream_is_understood(string model)
    {
        var text = "";
        ChatTokenUsage? usage = null;
        await foreach (var update in _client.GetChatClient(model).CompleteChatStreamingAsync("hi"))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }
        Assert.Equal("Hello from the sandbox provider, in eight words.", text);
        Assert.Equal(8, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Embedding_is_understood()
    {
        var answer = await _client.GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddingAsync("hi");
        Assert.Equal(8, answer.Value.ToFloats().Length);
    }

    [Fact]
    public async Task Error_is_understood()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            _client.GetChatClient("sandbox-status-401").CompleteChatAsync("hi")
        );
        Assert.Equal(401, error.Status);
    }
}
