using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// The management calls to LiteLLM. Its answers change from version to version: unknown members are left alone, and what is read is read leniently. What goes wrong
/// becomes 502, 503 or 504 for the caller; the reason is logged here, because it may name things that are not the caller's to know.
/// </summary>
internal sealed partial class LiteLlmClient : IDisposable
{
    private const int LongestAnswer = 64 * 1024 * 1024;   // /model/info is 8 KB a deployment

    private readonly LiteLlmEndpoint _endpoint;
    private readonly ILogger<LiteLlmClient> _logger;
    private readonly HttpClient _http;

    public LiteLlmClient(LiteLlmEndpoint endpoint, HubOptions options, ILogger<LiteLlmClient> logger)
    {
        (_endpoint, _logger) = (endpoint, logger);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = options.UpstreamConnectTimeout,
            PooledConnectionIdleTimeout = options.UpstreamKeepAlive,
        };
        _http = new HttpClient(handler) { Timeout = options.LiteLlmTimeout, MaxResponseContentBufferSize = LongestAnswer };
    }

    /// <summary>One row per deployment, or null when LiteLLM does not tell (an older version, a key without the right, no models).</summary>
    public Task<IReadOnlyList<JsonElement>?> GetModelInfoAsync(CancellationToken cancellationToken) => GetListAsync("model/info", cancellationToken);

    /// <summary>One row per name that may be called, wildcards expanded; or null when LiteLLM does not tell.</summary>
    public Task<IReadOnlyList<JsonElement>?> GetModelsAsync(CancellationToken cancellationToken) => GetListAsync("v1/models", cancellationToken);

    /// <summary>One row per model group, or null when LiteLLM does not tell.</summary>
    public Task<IReadOnlyList<JsonElement>?> GetModelGroupsAsync(CancellationToken cancellationToken) => GetListAsync("model_group/info", cancellationToken);

    /// <summary>Asks an address, or the set one, for its models.</summary>
    public async Task<ConnectionProbe> ProbeAsync(Uri? address, string? key, CancellationToken cancellationToken)
    {
        if ((address ?? _endpoint.BaseAddress) is not { } target)
        {
            return new ConnectionProbe(false, 0, 0, "LiteLLM is not configured");
        }
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{target.AbsoluteUri.TrimEnd('/')}/v1/models"));
        // The stored key goes to the stored address alone.
        if ((key ?? (address is null ? _endpoint.ApiKey : null)) is { } credential)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + credential);
        }
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var latency = (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            if (!response.IsSuccessStatusCode)
            {
                return new ConnectionProbe(false, latency, 0, $"Status {(int)response.StatusCode}");
            }
            var data = LiteLlmJson.Child(JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)), "data");
            return new ConnectionProbe(true, latency, data.ValueKind == JsonValueKind.Array ? data.GetArrayLength() : 0, null);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var reason = fault is HttpRequestException http ? http.HttpRequestError.ToString() : fault is JsonException ? "The answer is no JSON" : "Timeout";
            return new ConnectionProbe(false, (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, 0, reason);
        }
    }

    /// <summary>One call whose answer is passed on. Writes are never tried twice.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="path">Without a leading slash, query included.</param>
    /// <param name="body">The JSON body, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ApiErrorException">404, 502, 503 or 504; what LiteLLM said is in the log.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = NewRequest(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }
        var shown = path.Split('?')[0];
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                Log.Refused(_logger, shown, (int)response.StatusCode);
                throw new ApiErrorException(response.StatusCode == HttpStatusCode.NotFound ? ApiError.NotFound("Not found at LiteLLM") : ApiError.Upstream);
            }
            return bytes.Length == 0 ? default : JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            Log.Unreadable(_logger, shown);
            throw new ApiErrorException(ApiError.Upstream);
        }
        catch (HttpRequestException fault)
        {
            Log.Unreachable(_logger, shown, fault.Message);
            throw new ApiErrorException(ApiError.Upstream);
        }
        catch (TaskCanceledException fault) when (fault.InnerException is TimeoutException)
        {
            Log.TimedOut(_logger, shown, _http.Timeout);
            throw new ApiErrorException(ApiError.UpstreamTimeout);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<JsonElement>?> GetListAsync(string path, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Get, path);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                Log.Refused(_logger, path, (int)response.StatusCode);
                return null;
            }
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array)
            {
                return [.. data.Clone().EnumerateArray()];
            }
            Log.Unreadable(_logger, path);
            return null;
        }
        catch (JsonException)
        {
            Log.Unreadable(_logger, path);
            return null;
        }
        catch (HttpRequestException fault)
        {
            Log.Unreachable(_logger, path, fault.Message);
            throw new ApiErrorException(ApiError.Upstream);
        }
        catch (TaskCanceledException fault) when (fault.InnerException is TimeoutException)
        {
            Log.TimedOut(_logger, path, _http.Timeout);
            throw new ApiErrorException(ApiError.UpstreamTimeout);
        }
    }

    private HttpRequestMessage NewRequest(HttpMethod method, string path)
    {
        if (_endpoint.BaseAddress is not { } address)
        {
            throw new ApiErrorException(ApiError.LiteLlmNotConfigured);
        }
        var request = new HttpRequestMessage(method, new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{path}"));
        if (_endpoint.ApiKey is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        return request;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "LiteLLM answered {Status} to /{Path}.")]
        public static partial void Refused(ILogger logger, string path, int status);

        [LoggerMessage(Level = LogLevel.Warning, Message = "LiteLLM's answer to /{Path} cannot be read.")]
        public static partial void Unreadable(ILogger logger, string path);

        [LoggerMessage(Level = LogLevel.Warning, Message = "LiteLLM could not be asked for /{Path}: {Reason}")]
        public static partial void Unreachable(ILogger logger, string path, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "LiteLLM did not answer /{Path} within {Timeout}.")]
        public static partial void TimedOut(ILogger logger, string path, TimeSpan timeout);
    }
}
