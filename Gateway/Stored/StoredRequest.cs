using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Answers;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Gateway.Ledger;
using Gateway.Upstream;

namespace Gateway.Stored;

/// <summary>What requests about things that an upstream keeps have in common.</summary>
internal static partial class StoredRequest
{
    /// <summary>What their paths begin with, as those of calls.</summary>
    public static readonly IReadOnlyList<string> Prefixes = ["/v1", "", "/openai/v1"];

    /// <summary>Runs one for a caller who is known, by a method that is served.</summary>
    public static async Task RunAsync(HttpContext http, Func<HttpContext, Caller, Task> run, params string[] methods)
    {
        var (caller, refusal) = await http
            .RequestServices.GetRequiredService<Authenticator>()
            .AuthenticateAsync(http.Request.Headers, http.Connection.RemoteIpAddress, http.RequestAborted);
        if (caller is not null && !methods.Contains(http.Request.Method))
        {
            refusal = Refusals.MethodNotAllowed(http.Request.Method, string.Join(", ", methods));
        }
        await (refusal is null ? run(http, caller!) : http.RefuseAsync(refusal));
    }

    /// <summary>The caller's own object that the path names, and its upstream; null: the client has its refusal.</summary>
    public static async Task<(KeptObject? Kept, PolicyUpstream? Upstream)> FindAsync(HttpContext http, Caller caller, string kind)
    {
        var services = http.RequestServices;
        var id = (string)http.Request.RouteValues[kind]!;
        var (kept, refusal) = await services.GetRequiredService<KeptObjects>().FindAsync(caller, kind, id, http.RequestAborted);
        var upstream = kept is null ? null : services.GetRequiredService<UpstreamSide>().Find(kept.Upstream);
        if (kept is not null && upstream is null)
        {
            refusal = Refusals.KeeperGone(kind, kept.Upstream);
        }
        if (refusal is null)
        {
            return (kept, upstream);
        }
        await http.RefuseAsync(refusal);
        return (null, null);
    }

    /// <summary>The <c>id</c> of an object; null: it has none that can be kept.</summary>
    public static string? IdOf(ReadOnlyMemory<byte> json) =>
        TextOf(json, "id") is { Length: > 0 and <= KeptObjects.LongestId } id ? id : null;

    /// <summary>A text at the top of an object; null: there is none.</summary>
    public static string? TextOf(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A body of JSON.</summary>
    public static HttpContent Json(ReadOnlyMemory<byte> json) =>
        new ReadOnlyMemoryContent(json) { Headers = { ContentType = new MediaTypeHeaderValue(AnswerKinds.JsonType) } };

    /// <summary>
    /// Writes down whose it is, before the client knows its id. One whose owner nobody would know is deleted at its upstream.
    /// </summary>
    public static async Task KeepAndSendAsync(
        HttpContext http,
        PolicyUpstream upstream,
        KeptObject kept,
        string path,
        byte[] answer,
        BatchFile? batch = null
    )
    {
        var services = http.RequestServices;
        try
        {
            await services.GetRequiredService<KeptObjects>().KeepAsync(kept, batch, CancellationToken.None);
        }
        catch (Exception fault)
        {
            Log.NotKept(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(StoredRequest)), kept.Kind, kept.Id, fault);
            await DeleteAsync(services, upstream, path);
            await http.RefuseAsync(Refusals.StoreUnavailable);
            return;
        }
        await StoredForward.SendAsync(http, answer);
    }

    private static async Task DeleteAsync(IServiceProvider services, PolicyUpstream upstream, string path)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            (await services.GetRequiredService<UpstreamSide>().SendAsync(upstream, HttpMethod.Delete, path, null, stop.Token))?.Dispose();
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            // It stays there, and is nobody's.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The database did not take whose the {Kind} {Id} is; it is deleted at its upstream."
        )]
        public static partial void NotKept(ILogger logger, string kind, string id, Exception fault);
    }
}
