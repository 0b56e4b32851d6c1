using System.Text;

namespace Gateway.Tests.Apis.Pieces;

/// <summary>Calls to the APIs that answer with things.</summary>
internal static class PieceCalls
{
    /// <summary>Their paths, and a call of each to a model, with a member more.</summary>
    public static IReadOnlyList<(string Path, Func<string, string?, HttpContent> Body)> Apis { get; } =
    [
        ("/v1/moderations", (model, more) => Json($$"""{"model":"{{model}}","input":"a"{{Member(more)}}}""")),
        ("/v1/rerank", (model, more) => Json($$"""{"model":"{{model}}","query":"q","documents":["a","b"]{{Member(more)}}}""")),
        ("/v1/images/generations", (model, more) => Json($$"""{"model":"{{model}}","prompt":"a cat"{{Member(more)}}}""")),
        ("/v1/images/edits", (model, more) => Form(model, "image", "a.png", "PNG"u8.ToArray(), ("prompt", "a cat"), (more, "1"))),
        ("/v1/images/variations", (model, more) => Form(model, "image", "a.png", "PNG"u8.ToArray(), (more, "1"))),
        ("/v1/audio/speech", (model, more) => Json($$"""{"model":"{{model}}","input":"Hello world","voice":"alloy"{{Member(more)}}}""")),
        ("/v1/audio/transcriptions", (model, more) => Form(model, "file", "a.wav", Wav(1_000), (more, "1"))),
        ("/v1/audio/translations", (model, more) => Form(model, "file", "a.wav", Wav(1_000), (more, "1"))),
    ];

    /// <summary>The paths of those that can stream.</summary>
    public static IReadOnlyList<string> Streaming { get; } =
    ["/v1/audio/speech", "/v1/audio/transcriptions", "/v1/images/generations", "/v1/images/edits"];

    /// <summary>The body of a call that streams.</summary>
    public static HttpContent Stream(string path, string model) =>
        path switch
        {
            "/v1/audio/speech" => Json($$"""{"model":"{{model}}","input":"Hello world","stream_format":"sse"}"""),
            "/v1/audio/transcriptions" => Form(model, "file", "a.wav", Wav(1_000), ("stream", "true")),
            "/v1/images/edits" => Form(model, "image", "a.png", "PNG"u8.ToArray(), ("stream", "true")),
            _ => Json($$"""{"model":"{{model}}","prompt":"a cat","stream":true,"partial_images":2}"""),
        };

    /// <summary>Calls one of them.</summary>
    public static Task<HttpResponseMessage> CallAsync(
        this HttpClient client,
        string path,
        string model,
        string? more = null,
        CancellationToken leave = default
    ) =>
        client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = Apis.Single(api => api.Path == path).Body(model, more) },
            HttpCompletionOption.ResponseHeadersRead,
            leave
        );

    /// <summary>A form with one file, the model behind it, as OpenAI's SDKs send it.</summary>
    public static MultipartFormDataContent Form(
        string? model,
        string name,
        string fileName,
        byte[] file,
        params (string? Name, string Value)[] more
    )
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(file), name, fileName } };
        foreach (var (member, value) in more.Where(m => m.Name is not null).Prepend(("model", model ?? "")))
        {
            if (member != "model" || model is not null)
            {
                form.Add(new StringContent(value, Encoding.UTF8), member!);
            }
        }
        return form;
    }

    /// <summary>Silence of so many milliseconds: 8 bits, 8 kHz, mono.</summary>
    public static byte[] Wav(int milliseconds)
    {
        var samples = milliseconds * 8;
        var file = new byte[44 + samples];
        "RIFF"u8.CopyTo(file);
        BitConverter.TryWriteBytes(file.AsSpan(4), 36 + samples);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BitConverter.TryWriteBytes(file.AsSpan(16), 16);
        BitConverter.TryWriteBytes(file.AsSpan(20), (short)1);
        BitConverter.TryWriteBytes(file.AsSpan(22), (short)1);
        BitConverter.TryWriteBytes(file.AsSpan(24), 8_000);
        BitConverter.TryWriteBytes(file.AsSpan(28), 8_000);
        BitConverter.TryWriteBytes(file.AsSpan(32), (short)1);
        BitConverter.TryWriteBytes(file.AsSpan(34), (short)8);
        "data"u8.CopyTo(file.AsSpan(36));
        BitConverter.TryWriteBytes(file.AsSpan(40), samples);
        file.AsSpan(44).Fill(128);
        return file;
    }

    private static string Member(string? more) => more is null ? "" : $",\"{more}\":1";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
