using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Upstreams;

/// <summary>
/// Makes, changes and ends upstreams. A key goes to the address that it was given for and to no other, and is never shown again.
/// </summary>
internal sealed class UpstreamDirectory(ChangeWriter changes, SecretBox secrets, EnvironmentUpstreams environment, UpstreamOptions options)
{
    public static readonly ApiError NotFound = ApiError.NotFound("Upstream not found");

    private static readonly ApiError NoEncryption = ApiError.Conflict("The key of an upstream needs ENCRYPTION_KEY, which is not set");

    /// <returns>Its id; or why not.</returns>
    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(NewUpstream wish, Actor actor, CancellationToken cancellationToken)
    {
        var kind = UpstreamKind.Find(wish.Kind.Value)!;
        if (CheckNew(wish, kind) is { } refusal)
        {
            return (null, refusal);
        }
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        if (await change.Db.Upstreams.CountAsync(cancellationToken) >= options.MaxUpstreams)
        {
            return (null, ApiError.Conflict($"There are {options.MaxUpstreams} upstreams, the most that MAX_UPSTREAMS allows"));
        }
        if (await change.Db.Upstreams.AnyAsync(u => u.Name == wish.Name.Value, cancellationToken))
        {
            return (null, ApiError.NameTaken);
        }
        var row = new UpstreamRow
        {
            Id = Guid.CreateVersion7().ToString(),
            Name = wish.Name.Value,
            Kind = kind.Name,
            BaseUrl = kind.DefaultAddress?.ToString() ?? "",
            Weight = 1,
            IsEnabled = true,
            SyncsModels = true,
            CreatedAt = change.Now,
        };
        change.Db.Upstreams.Add(row);
        return (row.Id, await StoreAsync(change, row, wish, "upstream.created", cancellationToken));
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, UpstreamUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (wish.Models.IsSent)
        {
            await change.OneAtATimeAsync(cancellationToken); // of two lists one is the last, whole
        }
        if (await change.Db.Upstreams.FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } row)
        {
            return NotFound;
        }
        return CheckChange(row, wish) ?? await StoreAsync(change, row, wish, "upstream.updated", cancellationToken);
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        if (await change.Db.Upstreams.FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } row)
        {
            return NotFound;
        }
        if (environment.Find(row.Name) is not null)
        {
            return ApiError.Conflict(
                $"{EnvironmentUpstreams.VariableOf(row.Name)} makes this upstream: take the variable out, or disable the upstream"
            );
        }
        change.Db.Upstreams.Remove(row);
        change.Audit("upstream.deleted", ChangedEntities.Upstream, id, row);
        change.Touch(ChangedEntities.Upstream, id);
        await change.CommitAsync(cancellationToken);
        return null;
    }

    private static ApiError? CheckNew(NewUpstream wish, UpstreamKind kind)
    {
        List<InvalidMember> faults = [];
        var isOfEnvironment = EnvironmentUpstreams.VariableOf(wish.Name.Value) is not null && wish.Name.Value != kind.Name;
        if (isOfEnvironment || wish.Name.Value == EnvironmentUpstreams.SandboxName)
        {
            faults.Add(new("name", "reserved", "is the name of an upstream that the environment makes: choose another"));
        }
        Require("base_url", kind.DefaultAddress is null && !wish.BaseUrl.IsSent);
        Require("api_key", kind.NeedsKey && wish.ApiKey.Value is null);
        Require("folder_id", kind.NeedsFolder && wish.FolderId.Value is null);
        return faults.Count == 0 ? null : ApiError.Validation(faults);

        void Require(string member, bool isMissing)
        {
            if (isMissing)
            {
                faults.Add(new(member, "required", $"is required of an upstream of the kind {kind.Name}"));
            }
        }
    }

    private ApiError? CheckChange(UpstreamRow row, UpstreamUpdate wish)
    {
        if (environment.Find(row.Name) is not null && (wish.BaseUrl.IsSent || wish.ApiKey.IsSent || wish.FolderId.IsSent))
        {
            return ApiError.Conflict(
                $"base_url, api_key and folder_id of {row.Name} are set in the environment, which wins "
                    + $"({EnvironmentUpstreams.VariableOf(row.Name)})"
            );
        }
        if (wish.BaseUrl.IsSent && wish.BaseUrl.Value != row.BaseUrl && row.SealedKey is not null && !wish.ApiKey.IsSent)
        {
            return ApiError.Validation(
                "api_key",
                "required",
                "is required with another base_url: the stored key goes to the stored address"
            );
        }
        var kind = UpstreamKind.Find(row.Kind);
        return kind is { NeedsFolder: true } && wish.FolderId is { IsSent: true, Value: null }
            ? ApiError.Validation("folder_id", "required", $"is required of an upstream of the kind {kind.Name}")
            : null;
    }

    private async Task<ApiError?> StoreAsync(
        Change change,
        UpstreamRow row,
        UpstreamUpdate wish,
        string action,
        CancellationToken cancellationToken
    )
    {
        if (wish.ApiKey.Value is not null && !secrets.IsReady)
        {
            return NoEncryption;
        }
        var (models, unknown) = await FindModelsAsync(change.Db, wish, cancellationToken);
        if (unknown.Count > 0)
        {
            return ApiError.Validation([
                .. unknown.Select(n => new InvalidMember("models", "unknown", $"{n} is no model of the catalogue")),
            ]);
        }
        Apply(wish, row, change.Now);
        var (before, after) = models is null ? (null, null) : await SetModelsAsync(change, row.Id, models, cancellationToken);
        change.Audit(action, ChangedEntities.Upstream, row.Id, row, before, after);
        change.Touch(ChangedEntities.Upstream, row.Id);
        try
        {
            await change.CommitAsync(cancellationToken); // nothing of an upstream can keep the policy from compiling
            return null;
        }
        catch (DbUpdateException fault) when (changes.IsUniqueViolation(fault))
        {
            return ApiError.NameTaken;
        }
    }

    private void Apply(UpstreamUpdate wish, UpstreamRow row, DateTime now)
    {
        if (wish.ApiKey.IsSent)
        {
            row.SealedKey = wish.ApiKey.Value is { } key ? secrets.Close(UpstreamResolver.SecretName(row.Id), key) : null;
        }
        if (wish.ApiKey.IsSent || wish.BaseUrl.IsSent)
        {
            row.IsFromEnvironment = false;
        }
        row.BaseUrl = wish.BaseUrl.Or(row.BaseUrl);
        row.FolderId = wish.FolderId.Or(row.FolderId);
        row.Provider = wish.Provider.Or(row.Provider);
        row.Weight = (int)wish.Weight.Or(row.Weight);
        row.Priority = (int)wish.Priority.Or(row.Priority);
        row.IsEnabled = wish.IsEnabled.Or(row.IsEnabled);
        row.SyncsModels = wish.SyncModels.Or(row.SyncsModels);
        row.Headers = wish.Headers.IsSent ? UpstreamHeadersAttribute.Stored(wish.Headers.Value) : row.Headers;
        row.UpdatedAt = now;
    }

    // Ids of models by any of their names, with their names there.
    private static async Task<(Dictionary<string, string>? Models, List<string> Unknown)> FindModelsAsync(
        HubDbContext db,
        UpstreamUpdate wish,
        CancellationToken cancellationToken
    )
    {
        if (!wish.Models.IsSent)
        {
            return (null, []);
        }
        var wanted = UpstreamModelsAttribute.Read(wish.Models.Value);
        var names = wanted.Keys.ToList();
        var rows = await db
            .Models.AsNoTracking()
            .Where(m => names.Contains(m.ExternalId!) || names.Contains(m.Name) || names.Contains(m.Id))
            .ToListAsync(cancellationToken);
        Dictionary<string, string> models = new(StringComparer.Ordinal);
        List<string> unknown = [];
        foreach (var (name, there) in wanted)
        {
            var row = rows.Find(m => m.ExternalId == name) ?? rows.Find(m => m.Id == name) ?? rows.Find(m => m.Name == name);
            if (row is null)
            {
                unknown.Add(name.Length <= 100 ? name : name[..100] + "...");
            }
            else
            {
                models[row.Id] = there;
            }
        }
        return (models, unknown);
    }

    // What an admin said is replaced as a whole; what a sync found stands beside it.
    private static async Task<(Dictionary<string, object?> Before, Dictionary<string, object?> After)> SetModelsAsync(
        Change change,
        string upstreamId,
        Dictionary<string, string> wanted,
        CancellationToken cancellationToken
    )
    {
        var standing = await change.Db.UpstreamModels.Where(m => m.UpstreamId == upstreamId).ToListAsync(cancellationToken);
        var before = standing.Count(m => m.IsByAdmin);
        var left = new Dictionary<string, string>(wanted, StringComparer.Ordinal);
        foreach (var row in standing)
        {
            if (left.Remove(row.ModelId, out var name))
            {
                (row.UpstreamName, row.IsByAdmin) = (name, true);
            }
            else if (row.IsByAdmin)
            {
                change.Db.UpstreamModels.Remove(row);
            }
        }
        change.Db.UpstreamModels.AddRange(
            left.Select(w => new UpstreamModelRow
            {
                UpstreamId = upstreamId,
                ModelId = w.Key,
                UpstreamName = w.Value,
                IsByAdmin = true,
            })
        );
        return (new() { ["models_by_admin"] = before }, new() { ["models_by_admin"] = wanted.Count });
    }
}
