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
    private const string Models = "models";

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
            (_, { } fault) => throw Explain(upstream, fault),
            (var rows, _) => rows,
        };

    /// <summary>What a service is whose kind nobody says: one that lists models as OpenAI does speaks as OpenAI does.</summary>
    /// <exception cref="ApiErrorException">It cannot be reached, or does not work now.</exception>
    public async Task<UpstreamKind> FindKindAsync(PolicyUpstream upstream, CancellationToken cancellationToken)
    {
        var (isList, fault) = await LookAsync(upstream, UpstreamKind.Compatible.RootOf(upstream.Addresses[0]), cancellationToken);
        return fault is not null ? throw Explain(upstream, fault)
            : isList ? UpstreamKind.Compatible
            : UpstreamKind.Generate;
    }

    /// <summary>Whether each of its addresses answers and takes the key, how fast, and how many models it lists.</summary>
    public async Task<ConnectionProbe> TestAsync(PolicyUpstream upstream, CancellationToken cancellationToken)
    {
        var (models, start) = (0, TimeProvider.System.GetTimestamp());
        foreach (var root in upstream.Roots)
        {
            var (count, fault) = upstream.Kind.HasOneModel
                ? (1, (await LookAsync(upstream, root, cancellationToken)).Fault)
                : await CountAsync(upstream, root, cancellationToken);
            if (fault is not null)
            {
                return new ConnectionProbe(false, Elapsed(), 0, fault);
            }
            models = Math.Max(models, count);
        }
        return new ConnectionProbe(true, Elapsed(), models, null);

        long Elapsed() => (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static ApiErrorException Explain(PolicyUpstream upstream, string fault) =>
        new(
            (fault.Contains("within", StringComparison.Ordinal) ? ApiError.UpstreamTimeout : ApiError.Upstream) with
            {
                Text = $"failed to get models from the upstream {upstream.Name}: {fault}",
            }
        );

    private async Task<(int Count, string? Fault)> CountAsync(PolicyUpstream upstream, Uri root, CancellationToken cancellationToken)
    {
        var (rows, fault) = await ListAsync(upstream, root, cancellationToken);
        return (rows.Count, fault);
    }

    // Whether it lists models there. One that has no such path works all the same.
    private async Task<(bool IsList, string? Fault)> LookAsync(PolicyUpstream upstream, Uri root, CancellationToken cancellationToken)
    {
        var (timeout, _) = await _settings.ReadAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            var (status, body) = await GetAsync(upstream, root, Models, limit.Token);
            return status is 401 or 403 or >= 500 ? (false, FaultOf(status, body)) : (status == 200 && TryRead(body, out _), null);
        }
        catch (HttpRequestException fault)
        {
            return (false, LiteLlmFaults.CauseOf(fault));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, NoAnswer(timeout));
        }
    }

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
                var (answer, fault) = await ReadAsync(upstream, root, Models + after, limit.Token);
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
            return ([], NoAnswer(timeout));
        }
    }

    private async Task<(JsonElement Answer, string? Fault)> ReadAsync(
        PolicyUpstream upstream,
        Uri root,
        string path,
        CancellationToken cancellationToken
    )
    {
        var (status, body) = await GetAsync(upstream, root, path, cancellationToken);
        return status is < 200 or >= 300 ? (default, FaultOf(status, body))
            : TryRead(body, out var answer) ? (answer, null)
            : (default, "the answer cannot be read");
    }

    private async Task<(int Status, byte[] Body)> GetAsync(
        PolicyUpstream upstream,
        Uri root,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var request = upstream.NewRequest(HttpMethod.Get, root, path);
        using var response = await _http.SendAsync(request, cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static bool TryRead(byte[] body, out JsonElement answer) =>
        UpstreamJson.TryParse(body, out answer) && LiteLlmJson.Child(answer, "data").ValueKind == JsonValueKind.Array;

    private static string FaultOf(int status, byte[] body)
    {
        // Google's word and LiteLLM's, which both come with 400
        var isWord = ErrorEnvelope.Read(body) is { Code: "API_KEY_INVALID" } or { Type: "no_db_connection" };
        var isOfKey = status is 401 or 403 || (status == 400 && isWord);
        return isOfKey ? $"it does not accept the key (status {status})" : $"it answered status {status}";
    }

    private static string NoAnswer(TimeSpan timeout) => $"no answer within {timeout.TotalSeconds:0.###} s";
}
