using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Support;

/// <summary>Calls to <c>/v1</c> and what came back.</summary>
internal static class InferenceCalls
{
    public const string ChatPath = "/v1/chat/completions";

    /// <summary>A chat body; <paramref name="more"/> is JSON to put behind, comma included.</summary>
    public static string Chat(string model, string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]{{more}}}""";

    /// <summary>A chat body of a stream.</summary>
    public static string Stream(string model, string more = "") => Chat(model, ",\"stream\":true" + more);

    public static HttpRequestMessage Post(string path, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    public static HttpRequestMessage Post(string path, string body) => Post(path, Encoding.UTF8.GetBytes(body));

    /// <summary>Posts and reads to the end; a body that breaks off is kept as far as it came (<see cref="IsCut"/>).</summary>
    public static async Task<HttpResponseMessage> ChatAsync(this HttpClient client, string body) =>
        await (await client.SendAsync(Post(ChatPath, body), HttpCompletionOption.ResponseHeadersRead)).ReadAsFarAsItComesAsync();

    /// <summary>Whether the body broke off, as every client must see that reads it.</summary>
    public static bool IsCut(this HttpResponseMessage answer) => answer.Content is CutContent;

    /// <summary>Reads the body into memory.</summary>
    public static async Task<HttpResponseMessage> ReadAsFarAsItComesAsync(this HttpResponseMessage answer)
    {
        var (bytes, isCut) = await (await answer.Content.ReadAsStreamAsync()).ReadAsFarAsItComesAsync();
        var headers = answer.Content.Headers.NonValidated;
        answer.Content = isCut ? new CutContent(bytes) : new ByteArrayContent(bytes);
        foreach (
            var (name, values) in headers.Where(header =>
                !isCut || !header.Key.Equals("content-length", StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            answer.Content.Headers.TryAddWithoutValidation(name, values);
        }
        return answer;
    }

    /// <summary>Reads to the end, or to where the body breaks off.</summary>
    public static async Task<(byte[] Bytes, bool IsCut)> ReadAsFarAsItComesAsync(this Stream body)
    {
        var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await body.ReadAsync(buffer) is var count and > 0)
            {
                read.Write(buffer, 0, count);
            }
            return (read.ToArray(), false);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return (read.ToArray(), true);
        }
    }

    private sealed class CutContent(byte[] bytes) : ByteArrayContent(bytes);

    /// <summary>Posts and returns as soon as the headers are there.</summary>
    public static Task<HttpResponseMessage> OpenStreamAsync(
        this HttpClient client,
        string body,
        CancellationToken cancellationToken = default
    ) => client.SendAsync(Post(ChatPath, body), HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public static string RequestId(this HttpResponseMessage answer) => answer.Headers.GetValues("x-oneui-request-id").Single();

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Reads an error in OpenAI's shape; fails when it is none.</summary>
    public static async Task<ErrorView> ErrorAsync(this HttpResponseMessage answer)
    {
        var error = (await answer.JsonAsync()).GetProperty("error");
        var gateway = error.TryGetProperty("gateway", out var own) ? own : default;
        return new ErrorView(
            (int)answer.StatusCode,
            error.GetProperty("type").GetString(),
            error.GetProperty("code").GetString(),
            error.GetProperty("param").GetString()
        )
        {
            Message = error.GetProperty("message").GetString()!,
            Origin = gateway.ValueKind == JsonValueKind.Object ? gateway.GetProperty("origin").GetString() : null,
            RequestId = gateway.ValueKind == JsonValueKind.Object ? gateway.GetProperty("request_id").GetString() : null,
        };
    }

    /// <summary>Asserts a refusal of the gateway's own, in full shape.</summary>
    public static async Task<ErrorView> AssertRefusedAsync(
        this HttpResponseMessage answer,
        int status,
        string type,
        string code,
        string? param = null
    )
    {
        var error = await answer.ErrorAsync();
        Assert.Equal((status, type, code, param), (error.Status, error.Type, error.Code, error.Param));
        Assert.NotEmpty(error.Message);
        Assert.Equal("gateway", error.Origin);
        Assert.Equal(answer.RequestId(), error.RequestId);
        Assert.Equal(answer.RequestId(), answer.Headers.GetValues("x-request-id").Single());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(answer.Headers.Contains("x-oneui-origin"));
        return error;
    }
}
