using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
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
        settings.MapGet(
            "",
            (QueryReader query, HubDbContext db, HubOptions options, CancellationToken cancellationToken) =>
                ListAsync(null, query, db, options, cancellationToken)
        );
        settings.MapGet(
            "/category/{category}",
            (string category, QueryReader query, HubDbContext db, HubOptions options, CancellationToken cancellationToken) =>
                ListAsync(category, query, db, options, cancellationToken)
        );
        settings.MapGet("/{key}", GetAsync);
        settings.MapPut("", UpdateManyAsync);
        settings.MapMethods("/{key}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
    }

    private static async Task<Results<Reply<IReadOnlyList<SettingResponse>>, ApiError>> ListAsync(
        string? category,
        QueryReader query,
        HubDbContext db,
        HubOptions options,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        if (query.Error is { } error)
        {
            return error;
        }
        var found = db.Settings.AsNoTracking().Where(s => category == null || s.Category == category);
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await found
            .OrderBy(s => s.Category)
            .ThenBy(s => s.Key)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        return Reply.List(
            "Settings retrieved successfully",
            "settings",
            rows.ConvertAll(row => SettingResponse.From(row, options)),
            total,
            page
        );
    }

    private static async Task<Results<Reply<SettingResponse>, ApiError>> GetAsync(
        string key,
        HubDbContext db,
        HubOptions options,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, options, key, cancellationToken) is { } setting
            ? Reply.Enveloped("Setting retrieved successfully", setting, "setting")
            : NotFound;

    private static async Task<Results<Reply<List<SettingResponse>>, ApiError>> UpdateManyAsync(
        JsonBody body,
        SettingDirectory settings,
        Actor actor,
        HubDbContext db,
        HubOptions options,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in members.All())
        {
            if (!HubSettings.ByKey.TryGetValue(member.Name, out var setting))
            {
                members.Refuse(member.Name, "unknown", "is no setting");
            }
            else if (SettingDirectory.ReadValue(members, member.Name, setting, member.Value) is { } value)
            {
                values[member.Name] = value;
            }
        }
        if ((members.Error ?? (values.Count == 0 ? ApiError.NothingToUpdate : null)) is { } error)
        {
            return error;
        }
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
        return Reply.Enveloped("Settings updated successfully", rows.ConvertAll(row => SettingResponse.From(row, options)), "settings");
    }

    private static async Task<Results<Reply<SettingResponse>, ApiError>> UpdateAsync(
        string key,
        JsonBody body,
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
        var members = body.Read();
        var sent = members.All().Where(m => m.Name == "value").ToList();
        if (sent.Count == 0)
        {
            return ApiError.NothingToUpdate;
        }
        var value = SettingDirectory.ReadValue(members, "value", setting, sent[^1].Value);
        if (members.Error is { } error)
        {
            return error;
        }
        return await settings.UpdateAsync(new Dictionary<string, string> { [key] = value! }, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Setting updated successfully", (await FindAsync(db, options, key, cancellationToken))!, "setting");
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
