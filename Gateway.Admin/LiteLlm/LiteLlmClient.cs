using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// The management calls to LiteLLM. Its answers change from version to version: unknown members are left alone, and what is read is read
/// leniently. What goes wrong becomes 502, 503 or 504 for the caller, with its kind; the whole reason is logged here, because it may name
/// things that are not the caller's to know.
/// </summary>
internal sealed partial class LiteLlmClient : IDisposable
{
    private const int LongestAnswer = 64 * 1024 * 1024; // /model/info is 8 KB a deployment

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    // What LiteLLM says, in its many words, when a call needs a database and it has none.
    private static readonly string[] NoDatabaseWords =
    [
        "not connected",
        "no db connected",
        "no connected db",
        "prisma client is not initialized",
    ];

    private readonly LiteLlmEndpoint _endpoint;
    private readonly LiteLlmSettings _settings;
    private readonly ILogger<LiteLlmClient> _logger;
    private readonly HttpClient _http;

    public LiteLlmClient(LiteLlmEndpoint endpoint, LiteLlmSettings settings, UpstreamOptions options, ILogger<LiteLlmClient> logger)
    {
        (_endpoint, _settings, _logger) = (endpoint, settings, logger);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = options.UpstreamConnectTimeout,
            PooledConnectionIdleTimeout = options.UpstreamKeepAlive,
        };
        UpstreamTrust.Configure(handler, options);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
    }

    private LiteLlmClient(LiteLlmClient other, LiteLlmEndpoint endpoint) =>
        (_endpoint, _settings, _logger, _http) = (endpoint, other._settings, other._logger, other._http);

    /// <summary>An upstream that is a LiteLLM without a database: it keeps no keys, budgets, spend and models of its own.</summary>
    public static ApiError NoDatabase { get; } =
        ApiError.Upstream with
        {
            Text = "LiteLLM has no database: its keys, budgets, spend and stored models need one",
        };

    /// <summary>The same for another LiteLLM. It shares the connections: not to be disposed of.</summary>
    public LiteLlmClient At(Uri address, string? apiKey) => new(this, new LiteLlmEndpoint { BaseAddress = address, ApiKey = apiKey });

    /// <summary>
    /// One row per deployment, or null when LiteLLM does not tell (an older version, a key without the right, no models).
    /// </summary>
    public Task<IReadOnlyList<JsonElement>?> GetModelInfoAsync(CancellationToken cancellationToken) =>
        GetListAsync("model/info", cancellationToken);

    /// <summary>One row per name that may be called, wildcards expanded; or null when LiteLLM does not tell.</summary>
    public Task<IReadOnlyList<JsonElement>?> GetModelsAsync(CancellationToken cancellationToken) =>
        GetListAsync("v1/models", cancellationToken);

    /// <summary>As <see cref="GetModelInfoAsync"/>, where nothing can go on without it.</summary>
    /// <exception cref="LiteLlmException">LiteLLM does not tell.</exception>
    public Task<IReadOnlyList<JsonElement>> RequireModelInfoAsync(CancellationToken cancellationToken) =>
        RequireListAsync("model/info", cancellationToken);

    /// <summary>As <see cref="GetModelsAsync"/>, where nothing can go on without it.</summary>
    /// <exception cref="LiteLlmException">LiteLLM does not tell.</exception>
    public Task<IReadOnlyList<JsonElement>> RequireModelsAsync(CancellationToken cancellationToken) =>
        RequireListAsync("v1/models", cancellationToken);

    /// <summary>One row per model group.</summary>
    /// <exception cref="LiteLlmException">LiteLLM does not tell.</exception>
    public Task<IReadOnlyList<JsonElement>> RequireModelGroupsAsync(CancellationToken cancellationToken) =>
        RequireListAsync("model_group/info", cancellationToken);

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
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter((await _settings.ReadAsync(cancellationToken)).Timeout);
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            var latency = (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            if (!response.IsSuccessStatusCode)
            {
                return new ConnectionProbe(false, latency, 0, $"Status {(int)response.StatusCode}");
            }
            var answer = JsonElement.Parse(UpstreamJson.Mend(await response.Content.ReadAsByteArrayAsync(limit.Token)));
            var data = LiteLlmJson.Child(answer, "data");
            return new ConnectionProbe(true, latency, data.ValueKind == JsonValueKind.Array ? data.GetArrayLength() : 0, null);
        }
        catch (Exception fault)
            when (fault is HttpRequestException or JsonException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            var reason =
                fault is HttpRequestException http ? http.HttpRequestError.ToString()
                : fault is JsonException ? "The answer is no JSON"
                : "Timeout";
            return new ConnectionProbe(false, (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, 0, reason);
        }
    }

    /// <summary>One call whose answer is passed on. Writes are never tried twice.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="path">Without a leading slash, query included.</param>
    /// <param name="body">The JSON body, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LiteLlmException">404, 502 or 504; 503 is an <see cref="ApiErrorException"/>. The status that LiteLLM answered is
    /// in the log.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var shown = path.Split('?')[0];
        var (status, bytes) = await ExchangeAsync(method, path, body, cancellationToken);
        if (status is < 200 or > 299)
        {
            Log.Refused(_logger, shown, status);
            throw status != 404 && SaysNoDatabase(bytes)
                ? new LiteLlmException(NoDatabase, status)
                : LiteLlmFaults.Refused(method, shown, status);
        }
        if (bytes.Length == 0)
        {
            return default;
        }
        if (!UpstreamJson.TryParse(bytes, out var answer))
        {
            Log.Unreadable(_logger, shown);
            throw LiteLlmFaults.Unreadable(method, shown);
        }
        return answer;
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<JsonElement>?> GetListAsync(string path, CancellationToken cancellationToken) =>
        (await TryGetListAsync(path, cancellationToken)).Rows;

    private async Task<IReadOnlyList<JsonElement>> RequireListAsync(string path, CancellationToken cancellationToken)
    {
        var (rows, status) = await TryGetListAsync(path, cancellationToken);
        return rows
            ?? throw (
                status is < 200 or > 299 and not 404
                    ? LiteLlmFaults.Refused(HttpMethod.Get, path, status)
                    : LiteLlmFaults.Unreadable(HttpMethod.Get, path)
            );
    }

    private async Task<(IReadOnlyList<JsonElement>? Rows, int Status)> TryGetListAsync(string path, CancellationToken cancellationToken)
    {
        var (status, bytes) = await ExchangeAsync(HttpMethod.Get, path, null, cancellationToken);
        if (status is < 200 or > 299)
        {
            Log.Refused(_logger, path, status);
            return (null, status);
        }
        if (UpstreamJson.TryParse(bytes, out var answer) && LiteLlmJson.Child(answer, "data") is { ValueKind: JsonValueKind.Array } data)
        {
            return ([.. data.EnumerateArray()], status);
        }
        Log.Unreadable(_logger, path);
        return (null, status);
    }

    // A read is tried again when no answer came or a proxy in between could not reach LiteLLM. A timeout is not: the caller has waited long
    // enough.
    private async Task<(int Status, byte[] Body)> ExchangeAsync(
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellationToken
    )
    {
        var (timeout, retries) = await _settings.ReadAsync(cancellationToken);
        var shown = path.Split('?')[0];
        for (var attempt = 0; ; attempt++)
        {
            var isLast = method != HttpMethod.Get || attempt >= retries;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            using var request = NewRequest(method, path);
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            }
            try
            {
                using var response = await _http.SendAsync(request, limit.Token);
                if (
                    isLast
                    || response.StatusCode
                        is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
                )
                {
                    return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(limit.Token));
                }
            }
            catch (HttpRequestException fault)
            {
                if (isLast)
                {
                    Log.Unreachable(_logger, shown, fault.Message);
                    throw LiteLlmFaults.Unreachable(method, shown, fault);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Log.TimedOut(_logger, shown, timeout);
                throw LiteLlmFaults.TimedOut(method, shown, timeout);
            }
            await Task.Delay(FirstPause * Math.Pow(2, attempt), cancellationToken);
        }
    }

    private static bool SaysNoDatabase(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 4_096)));
        return NoDatabaseWords.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase));
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
