using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Upstreams;

/// <summary>Shows upstreams.</summary>
internal sealed class UpstreamViews(UpstreamResolver resolver, EnvironmentUpstreams environment)
{
    private const string ByAdmin = "admin";
    private const string BySync = "sync";

    /// <summary>An upstream with its models; null when its id is unknown.</summary>
    public async Task<UpstreamDetailResponse?> FindAsync(HubDbContext db, string id, CancellationToken cancellationToken)
    {
        if (await db.Upstreams.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, cancellationToken) is not { } row)
        {
            return null;
        }
        var models = await db
            .UpstreamModels.AsNoTracking()
            .Where(m => m.UpstreamId == id)
            .Join(
                db.Models,
                m => m.ModelId,
                c => c.Id,
                (m, c) => new UpstreamModelResponse(c.Id, c.ExternalId ?? c.Name, m.UpstreamName, m.IsByAdmin ? ByAdmin : BySync)
            )
            .ToListAsync(cancellationToken);
        models.Sort((a, b) => string.CompareOrdinal(a.Model, b.Model));
        return new UpstreamDetailResponse(Show(row, models.Count), models);
    }

    /// <summary>As lists show it.</summary>
    public UpstreamResponse Show(UpstreamRow row, int modelsCount)
    {
        var given = environment.Find(row.Name);
        var (upstream, problem) = resolver.Resolve(row);
        return new UpstreamResponse(
            row.Id,
            row.Name,
            row.Kind,
            given is null ? row.BaseUrl : string.Join(',', given.Addresses),
            (given is null ? row.SealedKey : given.ApiKey) is not null,
            given?.Folder ?? row.FolderId,
            row.Provider ?? UpstreamKind.Find(row.Kind)?.Provider,
            row.Weight,
            row.Priority,
            row.IsEnabled,
            row.SyncsModels,
            row.Headers.ConvertAll(UpstreamHeader.OfStored).ToDictionary(h => h.Name, h => h.Value),
            modelsCount,
            given is null ? [] : [.. FixedMembers],
            upstream is not null,
            problem is null ? null : $"{row.Name} {problem}",
            row.CreatedAt,
            row.UpdatedAt
        );
    }

    /// <summary>What the environment says of an upstream that it makes.</summary>
    public static IReadOnlyList<string> FixedMembers { get; } = ["base_url", "api_key", "folder_id"];
}
