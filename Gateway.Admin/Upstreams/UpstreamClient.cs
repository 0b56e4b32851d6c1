using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Core.Configuration;
using Gateway.Core.Upstreams;
using Gateway.Core.Usage;

namespace Gateway.Admin.Upstreams;

/// <summary>
/// Asks upstreams for their models. What goes wrong becomes 502 or 504 for the caller, in words without addresses and secrets.
/// </summary>
internal sealed class UpstreamClient : IDisposable
{
    private const int LongestAnswer = 16 * 1024 * 1024;
    private const int MostPages = 100;

    private readonly LiteLlmSettings _settings;
    private readonly HttpClient _http;

    public UpstreamClient(LiteLlmSettings settings, UpstreamOptions options)
    {
        _settings = settings;
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

    /// <summary>The rows of its <c>/models</c>, of all pages.</summary>
    /// <exception cref="ApiErrorException">It does not tell.</exception>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(PolicyUpstream upstream, CancellationToken cancellationToken) =>
        await ListAsync(upstream, upstream.Roots[0], cancellationToken) switch
        {
            (_, { } fault) => throw new ApiErrorException(
                (fault.Contains("within", StringComparison.Ordinal) ? ApiError.UpstreamTimeout : ApiError.Upstream) with
                {
                    Text = $"failed to get models from the upstream {upstream.Name}: {fault}",
                }
            ),
            (var rows, _) => rows,
        };

    /// <summary>Whether each of its addresses answers and takes the key, how fast, and how many models it lists.</summary>
    public async Task<ConnectionProbe> TestAsync(PolicyUpstream upstream, CancellationToken cancellationToken)
    {
        var (models, start) = (0, TimeProvider.System.GetTimestamp());
        foreach (var root in upstream.Roots)
        {
            var (rows, fault) = await ListAsync(upstream, root, cancellationToken);
            if (fault is not null)
            {
                return new ConnectionProbe(false, Elapsed(), 0, fault);
            }
            models = Math.Max(models, rows.Count);
        }
        return new ConnectionProbe(true, Elapsed(), models, null);

        long Elapsed() => (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<(IReadOnlyList<JsonElement> Rows, string? Fault)> ListAsync(
        PolicyUpstream upstream,
        Uri root,
        CancellationToken cancellationToken
    )
    {
        var (timeout, _) = await _settings.ReadAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        List<JsonElement> rows = [];
        try
        {
            var after = "";
            for (var page = 0; page < MostPages; page++)
            {
                var (answer, fault) = await ReadAsync(upstream, root, "models" + after, limit.Token);
                if (fault is not null)
                {
                    return ([], fault);
                }
                rows.AddRange(LiteLlmJson.Child(answer, "data").EnumerateArray());
                if (
                    LiteLlmJson.Child(answer, "has_more").ValueKind != JsonValueKind.True // Anthropic's pages
                    || LiteLlmJson.Text(answer, "last_id") is not { Length: > 0 } last
                )
                {
                    break;
                }
                after = "?after_id=" + Uri.EscapeDataString(last);
            }
            return (rows, null);
        }
        catch (HttpRequestException fault)
        {
            return ([], LiteLlmFaults.CauseOf(fault));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], $"no answer within {timeout.TotalSeconds:0.###} s");
        }
    }

    private async Task<(JsonElement Answer, string? Fault)> ReadAsync(
        PolicyUpstream upstream,
        Uri root,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var request = upstream.NewRequest(HttpMethod.Get, root, path);
        using var response = await _http.SendAsync(request, cancellationToken);
        var status = (int)response.StatusCode;
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            // Google's word and LiteLLM's, which both come with 400
            var isWord = ErrorEnvelope.Read(body) is { Code: "API_KEY_INVALID" } or { Type: "no_db_connection" };
            var isOfKey = status is 401 or 403 || (status == 400 && isWord);
            return (default, isOfKey ? $"it does not accept the key (status {status})" : $"it answered status {status}");
        }
        return UpstreamJson.TryParse(body, out var answer) && LiteLlmJson.Child(answer, "data").ValueKind == JsonValueKind.Array
            ? (answer, null)
            : (default, "the answer cannot be read");
    }
}
