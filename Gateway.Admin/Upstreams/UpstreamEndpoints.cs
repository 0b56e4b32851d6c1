using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Upstreams;

/// <summary>Upstreams, for admins.</summary>
internal static class UpstreamEndpoints
{
    public static void MapUpstreams(this IEndpointRouteBuilder routes)
    {
        var upstreams = routes.MapGroup("/admin/upstreams").RequireAuthorization(AccessPolicies.Admin);
        upstreams.MapGet("", ListAsync).Says("List upstreams", "By priority; without their models and never with their keys.");
        upstreams.MapGet("/{id}", GetAsync).Says("Show an upstream", "With the models that stand there.");
        upstreams
            .MapPost("", CreateAsync)
            .Says(
                "Make an upstream",
                "Calls may go there as soon as this is answered. A key needs ENCRYPTION_KEY; it is stored encrypted and never shown again."
            );
        upstreams
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says(
                "Change an upstream",
                "Changes the members that are sent. What the environment sets stays: 409. Another `base_url` needs the `api_key` again."
            );
        upstreams
            .MapDelete("/{id}", DeleteAsync)
            .Says("Delete an upstream", "Models stay. One that the environment makes is 409: disable it, or take its variable out.");
        upstreams
            .MapPost("/{id}/test", TestAsync)
            .Says(
                "Try an upstream",
                "Reads its list of models: says whether it answers and takes the key. Works when it is disabled, too."
            );
        upstreams
            .MapPost("/{id}/sync", SyncAsync)
            .Says("Sync the models of an upstream", "Also when `sync_models` is false. The lists of the others are read again with it.")
            .Refuses(502, 503, 504);
    }

    private static async Task<Results<ListEnvelope<UpstreamResponse>, ApiError>> ListAsync(
        Query<WholeListQuery> query,
        UpstreamViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Value.Page;
        var total = await db.Upstreams.LongCountAsync(cancellationToken);
        var rows = await db
            .Upstreams.AsNoTracking()
            .OrderBy(u => u.Priority)
            .ThenBy(u => u.Name)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        var counts = await db
            .UpstreamModels.GroupBy(m => m.UpstreamId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return Reply.List(
            "Upstreams retrieved successfully",
            rows.ConvertAll(row => views.Show(row, counts.GetValueOrDefault(row.Id))),
            total,
            page
        );
    }

    private static async Task<Results<Envelope<UpstreamDetailResponse>, ApiError>> GetAsync(
        string id,
        UpstreamViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await views.FindAsync(db, id, cancellationToken) is { } upstream
            ? Reply.Enveloped("Upstream retrieved successfully", upstream)
            : UpstreamDirectory.NotFound;

    private static async Task<Results<CreatedEnvelope<UpstreamDetailResponse>, ApiError>> CreateAsync(
        Body<NewUpstream> upstream,
        UpstreamDirectory upstreams,
        UpstreamViews views,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await upstreams.CreateAsync(upstream.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Upstream created successfully", (await views.FindAsync(db, id!, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<UpstreamDetailResponse>, ApiError>> UpdateAsync(
        string id,
        Body<UpstreamUpdate> update,
        UpstreamDirectory upstreams,
        UpstreamViews views,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await upstreams.UpdateAsync(id, update.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Upstream updated successfully", (await views.FindAsync(db, id, cancellationToken))!);
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        string id,
        UpstreamDirectory upstreams,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await upstreams.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Upstream deleted successfully", null);

    private static async Task<Results<Reply<ConnectionTest>, ApiError>> TestAsync(
        string id,
        UpstreamResolver resolver,
        UpstreamClient client,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await db.Upstreams.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } row)
        {
            return UpstreamDirectory.NotFound;
        }
        row.IsEnabled = true; // it may be tested before it is used
        var (upstream, problem) = resolver.Resolve(row);
        var probe = upstream is null
            ? new ConnectionProbe(false, 0, 0, $"{row.Name} {problem}")
            : await client.TestAsync(upstream, cancellationToken);
        await changes.AuditAsync("upstream.tested", ChangedEntities.Upstream, id, actor, cancellationToken);
        return Reply.Ok(new ConnectionTest(probe.Reachable, probe));
    }

    private static async Task<Results<Envelope<SyncResult>, ApiError>> SyncAsync(
        string id,
        UpstreamResolver resolver,
        ModelSync sync,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await db.Upstreams.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } row)
        {
            return UpstreamDirectory.NotFound;
        }
        if (resolver.Resolve(row).Problem is { } problem)
        {
            return ApiError.Conflict($"No model can be read: {row.Name} {problem}");
        }
        var result = await sync.SyncUpstreamAsync(row.Name, cancellationToken);
        await changes.AuditAsync("models.sync_requested", ChangedEntities.Upstream, id, actor, cancellationToken);
        return Reply.Enveloped("Models synchronized successfully", result);
    }
}
