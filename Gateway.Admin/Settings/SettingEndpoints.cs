using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Configuration;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Settings;

/// <summary>Values that admins may change while the process runs.</summary>
internal static class SettingEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("Setting not found");

    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup("/admin/settings").RequireAuthorization(AccessPolicies.Admin);
        settings
            .MapGet(
                "",
                (Query<WholeListQuery> query, HubDbContext db, HubOptions options, CancellationToken cancellationToken) =>
                    ListAsync(null, query, db, options, cancellationToken)
            )
            .Says("List settings", "With their descriptions. Secrets are masked.");
        settings
            .MapGet(
                "/category/{category}",
                (string category, Query<WholeListQuery> query, HubDbContext db, HubOptions options, CancellationToken cancellationToken) =>
                    ListAsync(category, query, db, options, cancellationToken)
            )
            .Says("List settings of a category", "Such as billing, auth, limits or litellm.");
        settings.MapGet("/{key}", GetAsync).Says("Show a setting", "Secrets are masked.");
        settings
            .MapPut("", UpdateManyAsync)
            .Says(
                "Change settings",
                "All of them or none. They apply within 30 seconds, without a restart; a variable of the "
                    + "environment wins over a setting."
            );
        settings
            .MapMethods("/{key}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change a setting", "It applies within 30 seconds, without a restart.");
    }

    private static async Task<Results<ListEnvelope<SettingResponse>, ApiError>> ListAsync(
        string? category,
        Query<WholeListQuery> query,
        HubDbContext db,
        HubOptions options,
        CancellationToken cancellationToken
    )
    {
        var page = query.Value.Page;
        var found = db.Settings.AsNoTracking().Where(s => category == null || s.Category == category);
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await found
            .OrderBy(s => s.Category)
            .ThenBy(s => s.Key)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        return Reply.List("Settings retrieved successfully", rows.ConvertAll(row => SettingResponse.From(row, options)), total, page);
    }

    private static async Task<Results<Envelope<SettingResponse>, ApiError>> GetAsync(
        string key,
        HubDbContext db,
        HubOptions options,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, options, key, cancellationToken) is { } setting
            ? Reply.Enveloped("Setting retrieved successfully", setting)
            : NotFound;

    private static async Task<Results<Envelope<List<SettingResponse>>, ApiError>> UpdateManyAsync(
        Body<SettingsUpdate> update,
        SettingDirectory settings,
        Actor actor,
        HubDbContext db,
        HubOptions options,
        CancellationToken cancellationToken
    )
    {
        var values = update.Value.Values;
        if (await settings.UpdateAsync(values, actor, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        var keys = values.Keys.ToList();
        var rows = await db
            .Settings.AsNoTracking()
            .Where(s => keys.Contains(s.Key))
            .OrderBy(s => s.Category)
            .ThenBy(s => s.Key)
            .ToListAsync(cancellationToken);
        return Reply.Enveloped("Settings updated successfully", rows.ConvertAll(row => SettingResponse.From(row, options)));
    }

    private static async Task<Results<Envelope<SettingResponse>, ApiError>> UpdateAsync(
        string key,
        Body<SettingUpdate> update,
        SettingDirectory settings,
        Actor actor,
        HubDbContext db,
        HubOptions options,
        CancellationToken cancellationToken
    )
    {
        if (!HubSettings.ByKey.TryGetValue(key, out var setting))
        {
            return NotFound;
        }
        if (SettingDirectory.Read(setting, "value", update.Value.Value.Value, out var value) is { } fault)
        {
            return ApiError.Validation(fault.Member, fault.Code, fault.Message);
        }
        return await settings.UpdateAsync(new Dictionary<string, string> { [key] = value }, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Setting updated successfully", (await FindAsync(db, options, key, cancellationToken))!);
    }

    private static async Task<SettingResponse?> FindAsync(
        HubDbContext db,
        HubOptions options,
        string key,
        CancellationToken cancellationToken
    ) =>
        await db.Settings.AsNoTracking().FirstOrDefaultAsync(s => s.Key == key, cancellationToken) is { } row
            ? SettingResponse.From(row, options)
            : null;
}
