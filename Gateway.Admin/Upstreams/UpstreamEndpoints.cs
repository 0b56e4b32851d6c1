using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Upstreams;

/// <summary>Upstreams, for admins.</summary>
internal static class UpstreamEndpoints
{
    private const long MostWeight = 1_000;
    private const long LastPriority = 1_000;

    public static void MapUpstreams(this IEndpointRouteBuilder routes)
    {
        var upstreams = routes.MapGroup("/admin/upstreams").RequireAuthorization(AccessPolicies.Admin);
        upstreams.MapGet("", ListAsync);
        upstreams.MapGet("/{id}", GetAsync);
        upstreams.MapPost("", CreateAsync);
        upstreams.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        upstreams.MapDelete("/{id}", DeleteAsync);
        upstreams.MapPost("/{id}/test", TestAsync);
        upstreams.MapPost("/{id}/sync", SyncAsync);
    }

    private static async Task<Results<Reply<IReadOnlyList<UpstreamResponse>>, ApiError>> ListAsync(
        QueryReader query,
        UpstreamViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        if (query.Error is { } error)
        {
            return error;
        }
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
            "upstreams",
            rows.ConvertAll(row => views.Show(row, counts.GetValueOrDefault(row.Id))),
            total,
            page
        );
    }

    private static async Task<Results<Reply<UpstreamResponse>, ApiError>> GetAsync(
        string id,
        UpstreamViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await views.FindAsync(db, id, cancellationToken) is { } upstream
            ? Reply.Enveloped("Upstream retrieved successfully", upstream, "upstream")
            : UpstreamDirectory.NotFound;

    private static async Task<Results<Reply<UpstreamResponse>, ApiError>> CreateAsync(
        JsonBody body,
        UpstreamDirectory upstreams,
        UpstreamViews views,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var name = members.RequiredText("name", 1, 64);
        if (!UpstreamForms.IsName(name))
        {
            members.Refuse("name", "format", $"must be {UpstreamForms.ExpectedName}");
        }
        var wish = Read(members) with
        {
            Name = new Sent<string>(true, name),
            Kind = new Sent<string>(true, members.RequiredOneOf("kind", UpstreamKind.Names)),
        };
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await upstreams.CreateAsync(wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Upstream created successfully", (await views.FindAsync(db, id!, cancellationToken))!, "upstream")
            : refusal;
    }

    private static async Task<Results<Reply<UpstreamResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        UpstreamDirectory upstreams,
        UpstreamViews views,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = Read(members);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await upstreams.UpdateAsync(id, wish, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Upstream updated successfully", (await views.FindAsync(db, id, cancellationToken))!, "upstream");
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
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

    private static async Task<Results<Reply<SyncResult>, ApiError>> SyncAsync(
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

    private static UpstreamWish Read(MemberReader members)
    {
        var (headers, models) = (members.Object("headers"), members.Object("models"));
        return new UpstreamWish
        {
            BaseUrl = members.Text("base_url", 1, 2_000, UpstreamForms.IsAddress, UpstreamForms.ExpectedAddress),
            ApiKey = Key(members),
            FolderId = members.NullableText("folder_id", 64),
            Provider = members.NullableText("provider", 64),
            Weight = members.Whole("weight", 1, MostWeight),
            Priority = members.Whole("priority", 0, LastPriority),
            IsEnabled = members.Flag("is_enabled"),
            SyncModels = members.Flag("sync_models"),
            Headers = headers is null ? default : new(true, UpstreamForms.ReadHeaders(headers, members.Refuse)),
            Models = models is null ? default : new(true, UpstreamForms.ReadModels(models, members.Refuse)),
        };
    }

    private static Sent<string?> Key(MemberReader members)
    {
        var sent = members.NullableText("api_key", 4_096);
        if (sent.Value is { } key && !UpstreamForms.IsKey(key))
        {
            members.Refuse("api_key", "format", $"must be {UpstreamForms.ExpectedKey}");
        }
        return sent;
    }
}
