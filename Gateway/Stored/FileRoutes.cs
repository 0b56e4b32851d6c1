using Gateway.Answers;
using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Upstreams;
using Gateway.Ledger;
using Gateway.Upstream;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Stored;

/// <summary>
/// Files that the upstream keeps: uploaded, listed, read and deleted. Each belongs to the user who uploaded it, or whose batch wrote it; to
/// anybody else it does not exist. Free, and no calls of the ledger. None is held, neither in memory nor on disk.
/// </summary>
internal static class FileRoutes
{
    private const string Api = "/files";

    private static readonly Task<HttpResponseMessage?> NoUpstream = Task.FromResult<HttpResponseMessage?>(null);

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in StoredRequest.Prefixes)
        {
            var one = prefix + Api + "/{file}";
            routes.Map(
                prefix + Api,
                (HttpContext http) =>
                    StoredRequest.RunAsync(
                        http,
                        HttpMethods.IsPost(http.Request.Method) ? UploadAsync : ListAsync,
                        HttpMethods.Get,
                        HttpMethods.Post
                    )
            );
            routes.Map(one, (HttpContext http) => StoredRequest.RunAsync(http, UseAsync, HttpMethods.Get, HttpMethods.Delete));
            routes.Map(one + "/content", (HttpContext http) => StoredRequest.RunAsync(http, ReadAsync, HttpMethods.Get));
        }
    }

    private static Task ListAsync(HttpContext http, Caller caller) =>
        StoredList.SendAsync(http, caller, KeptKinds.File, most: 10_000, fewest: 10_000);

    private static async Task UploadAsync(HttpContext http, Caller caller)
    {
        var services = http.RequestServices;
        var options = services.GetRequiredService<BodyOptions>();
        var room = services.GetRequiredService<BodyRoom>();
        var side = services.GetRequiredService<UpstreamSide>();
        var payer = caller.Key?.Id ?? caller.User.Id;
        if (Refuse(http.Request, side, options) is { } refusal)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        if (!room.TryTake(payer, options.MaxBatchLineBytes))
        {
            await http.RefuseAsync(Refusals.NoRoomForBody);
            return;
        }
        try
        {
            await UploadAsync(http, caller, side, options);
        }
        finally
        {
            room.GiveBack(payer, options.MaxBatchLineBytes);
        }
    }

    private static Refusal? Refuse(HttpRequest request, UpstreamSide side, BodyOptions options) =>
        FormBoundary.Of(request.ContentType) is null ? Refusals.MediaType(request.ContentType, "multipart/form-data")
        : request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding ? Refusals.ContentEncoding(encoding)
        : request.ContentLength > options.MaxFileBytes ? Refusals.BodyTooLarge(options.MaxFileBytes)
        : side.FirstWith(Api) is null ? Refusals.NotKept("files")
        : null;

    private static async Task UploadAsync(HttpContext http, Caller caller, UpstreamSide side, BodyOptions options)
    {
        var services = http.RequestServices;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        stop.CancelAfter(options.MaxUploadTime);
        using var lines = new BatchLines(
            services.GetRequiredService<RequestReader>(),
            services.GetRequiredService<PolicySource>().Current,
            caller,
            options
        );
        var sink = new UploadSink(lines);
        using var scanner = new FormScanner(FormBoundary.Of(http.Request.ContentType)!, sink);
        PolicyUpstream? upstream = null;
        using var content = new UploadContent(
            http.Request,
            scanner,
            sink,
            () => CheckAsync(services, caller, sink, lines, upstream, stop.Token),
            options,
            stop.Token
        );
        byte[]? answer = null;
        try
        {
            await content.ReadAheadAsync();
            if (content.Refusal is null)
            {
                upstream = sink.Upstream ?? side.FirstWith(Api);
                answer = await StoredForward.AskAsync(
                    http,
                    token => upstream is null ? NoUpstream : side.SendAsync(upstream, HttpMethod.Post, "files", content, token),
                    patience: options.MaxUploadTime,
                    isRefused: () => content.Refusal is not null
                );
            }
        }
        catch (IOException) when (content.Refusal is not null)
        {
            // Refused before anything went on.
        }
        if (content.Refusal is { } refusal)
        {
            if (HttpProtocol.IsHttp11(http.Request.Protocol))
            {
                http.Response.Headers.Connection = "close"; // what the client still has to send is not waited for
            }
            await http.RefuseAsync(refusal);
        }
        else if (answer is not null)
        {
            await KeepAsync(http, caller, upstream!, sink, lines, answer);
        }
    }

    // A file that is small is checked before it is known where it goes.
    private static async ValueTask<Refusal?> CheckAsync(
        IServiceProvider services,
        Caller caller,
        UploadSink sink,
        BatchLines lines,
        PolicyUpstream? upstream,
        CancellationToken stop
    ) =>
        !sink.IsBatch ? null
        : upstream is not null && upstream != lines.Upstream
            ? Refusals.InvalidForm("its first line is too long to tell where the file has to go")
        : lines.Files.Count == 0 ? null
        : (await services.GetRequiredService<KeptObjects>().CheckFilesAsync(caller, lines.Files, stop)).Refusal;

    private static async Task KeepAsync(
        HttpContext http,
        Caller caller,
        PolicyUpstream upstream,
        UploadSink sink,
        BatchLines lines,
        byte[] answer
    )
    {
        if (StoredRequest.IdOf(answer) is not { } id)
        {
            await http.RefuseAsync(Refusals.UpstreamInvalid);
            return;
        }
        var kept = new KeptObject
        {
            Id = id,
            Upstream = upstream.Name,
            Kind = KeptKinds.File,
            UserId = caller.User.Id,
            Purpose = sink.Purpose,
            Content = System.Text.Encoding.UTF8.GetString(answer),
            CreatedAt = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime,
        };
        var batch = sink.IsBatch ? lines.ToRow(id) : null;
        await StoredRequest.KeepAndSendAsync(http, upstream, kept, "files/" + Uri.EscapeDataString(id), answer, batch);
    }

    private static async Task UseAsync(HttpContext http, Caller caller)
    {
        var (kept, upstream) = await StoredRequest.FindAsync(http, caller, KeptKinds.File);
        if (kept is null)
        {
            return;
        }
        var isDelete = HttpMethods.IsDelete(http.Request.Method);
        if (isDelete && kept.BatchId is { } batch && await IsRunningAsync(http, kept.Upstream, batch))
        {
            await http.RefuseAsync(Refusals.FileInUse(kept.Id));
            return;
        }
        var side = http.RequestServices.GetRequiredService<UpstreamSide>();
        var method = new HttpMethod(http.Request.Method);
        var path = "files/" + Uri.EscapeDataString(kept.Id);
        if (await StoredForward.AskAsync(http, stop => side.SendAsync(upstream!, method, path, null, stop)) is not { } answer)
        {
            return;
        }
        if (isDelete)
        {
            await http.RequestServices.GetRequiredService<KeptObjects>().ForgetAsync(kept, CancellationToken.None);
        }
        await StoredForward.SendAsync(http, answer);
    }

    // The file tells what the batch used.
    private static async Task<bool> IsRunningAsync(HttpContext http, string upstream, string batch)
    {
        await using var db = await http
            .RequestServices.GetRequiredService<IDbContextFactory<HubDbContext>>()
            .CreateDbContextAsync(http.RequestAborted);
        return await db.BatchCalls.AnyAsync(b => b.BatchId == batch && b.Upstream == upstream, http.RequestAborted);
    }

    private static async Task ReadAsync(HttpContext http, Caller caller)
    {
        var (kept, upstream) = await StoredRequest.FindAsync(http, caller, KeptKinds.File);
        if (kept is not null)
        {
            await FileContent.SendAsync(http, upstream!, kept.Id);
        }
    }
}
