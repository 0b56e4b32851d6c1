using System.Text;

namespace Gateway.Sandbox.Wire;

/// <summary>Whole bodies with their length, as LiteLLM sends everything that is not a stream.</summary>
internal static class Answer
{
    public const string Json = "application/json";

    public static async Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body, string contentType = Json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, CancellationToken.None);
    }

    public static Task WriteAsync(HttpContext http, int status, string body, string contentType = Json) =>
        WriteAsync(http, status, Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>FastAPI's envelope, <c>{"detail":...}</c>, around a JSON value.</summary>
    public static Task DetailAsync(HttpContext http, int status, string text)
    {
        using var json = new Utf8Builder(256);
        return WriteAsync(http, status, json.Raw("{\"detail\":"u8).String(text).Raw("}"u8).ToArray());
    }

    /// <summary><c>{"detail":{"error":...}}</c>.</summary>
    public static Task DetailErrorAsync(HttpContext http, int status, string text)
    {
        using var json = new Utf8Builder(256);
        return WriteAsync(http, status, json.Raw("{\"detail\":{\"error\":"u8).String(text).Raw("}}"u8).ToArray());
    }
}
