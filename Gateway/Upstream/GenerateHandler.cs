using System.Net;
using System.Net.Http.Headers;
using Gateway.Apis;
using Gateway.Core.Upstreams;

namespace Gateway.Upstream;

/// <summary>
/// Speaks to services of the kind <see cref="UpstreamKind.Generate"/>. A call to one is OpenAI's before this handler, and its answer is
/// OpenAI's after it, so that nothing else knows of them. All other calls pass.
/// </summary>
/// <param name="inner">Sends.</param>
/// <param name="longestLine">The longest line that is read, in bytes.</param>
/// <param name="time">Dates answers.</param>
internal sealed class GenerateHandler(HttpMessageHandler inner, int longestLine, TimeProvider time) : DelegatingHandler(inner)
{
    private static readonly string Path = UpstreamKind.Generate.PathOf(ApiTable.Chat.Path);
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Events = new("text/event-stream") { CharSet = "utf-8" };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.RequestUri!.AbsolutePath.EndsWith(Path, StringComparison.Ordinal)
            ? GenerateAsync(request, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> GenerateAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Content!.CopyToAsync(body, cancellationToken);
        var (wish, refusal) = GenerateRequest.Read(body.GetBuffer().AsMemory(0, (int)body.Length));
        if (wish is null)
        {
            return new HttpResponseMessage(HttpStatusCode.BadRequest)
            {
                Content = ContentOf(refusal!, Json),
                RequestMessage = request,
                Version = request.Version,
            };
        }
        request.Content = ContentOf(wish.Body, Json);
        request.Headers.Accept.Clear();
        request.Headers.TryAddWithoutValidation("Accept", "application/x-ndjson");
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            var lines = await response.Content.ReadAsStreamAsync(cancellationToken);
            var answer = new GenerateAnswer(lines, wish.IsStream, wish.Model, time.GetUtcNow(), longestLine);
            response.Content = new StreamContent(answer) { Headers = { ContentType = wish.IsStream ? Events : Json } };
        }
        return response;
    }

    private static ByteArrayContent ContentOf(byte[] bytes, MediaTypeHeaderValue type) => new(bytes) { Headers = { ContentType = type } };
}
