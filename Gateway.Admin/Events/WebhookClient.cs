using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Events;

/// <summary>
/// Posts one event to the operator's address. With a secret, <c>X-Oneui-Signature: t=&lt;unix seconds&gt;,v1=&lt;hex&gt;</c> is HMAC-SHA256
/// over <c>&lt;t&gt;.&lt;body&gt;</c>: the receiver checks who sent it and that it is not an old one. <c>X-Oneui-Event-Id</c> lets it drop
/// what it got twice.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookClient(WebhookOptions options, TimeProvider time)
    {
        _time = time;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        _http = new HttpClient(handler) { Timeout = options.WebhookTimeout };
    }

    /// <summary>Sends an event.</summary>
    /// <returns>Null when the receiver took it (2xx); else why not.</returns>
    public async Task<string?> SendAsync(Uri address, string? secret, EventRow row, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new WebhookBody(row.Id, row.Type, row.Scope, row.ScopeId, JsonElement.Parse(row.Data), row.CreatedAt),
            ApiJson.Options
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json) { CharSet = "utf-8" };
        request.Headers.Add("X-Oneui-Event-Id", row.Id);
        request.Headers.Add("X-Oneui-Event-Type", row.Type);
        if (!string.IsNullOrEmpty(secret))
        {
            request.Headers.Add("X-Oneui-Signature", Sign(secret, body, _time.GetUtcNow().ToUnixTimeSeconds()));
        }
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (HttpRequestException fault)
        {
            return fault.HttpRequestError.ToString();
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "timeout";
        }
    }

    public static string Sign(string secret, ReadOnlySpan<byte> body, long unixSeconds)
    {
        var time = unixSeconds.ToString(CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hash.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    public void Dispose() => _http.Dispose();

    private sealed record WebhookBody(string Id, string Type, string? Scope, string? ScopeId, JsonElement Data, DateTime CreatedAt);
}
