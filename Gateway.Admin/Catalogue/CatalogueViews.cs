using Gateway.Admin.Conventions;
using Gateway.Admin.Replies;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

internal static class CatalogueViews
{
    public static IQueryable<ModelView> ModelViewsOf(this HubDbContext db) =>
        from model in db.Models
        join company in db.Companies on model.CompanyId equals company.Id
        join config in db.ModelConfigs on model.Id equals config.ModelId into configs
        from config in configs.DefaultIfEmpty()
        select new ModelView
        {
            Model = model,
            Company = company,
            Config = config,
        };

    /// <summary>The rates of some models.</summary>
    public static async Task<ILookup<string, ModelRate>> FindRatesAsync(
        this HubDbContext db,
        List<string> modelIds,
        CancellationToken cancellationToken
    ) =>
        (await db.ModelRates.AsNoTracking().Where(r => modelIds.Contains(r.ModelId)).ToListAsync(cancellationToken)).ToLookup(r =>
            r.ModelId
        );

    /// <summary>A page of models with their prices, by name.</summary>
    public static async Task<ListEnvelope<ModelResponse>> ListAsync(
        this IQueryable<ModelView> found,
        HubDbContext db,
        PageRequest page,
        bool enabledOnly,
        CancellationToken cancellationToken
    )
    {
        var total = await found.LongCountAsync(cancellationToken);
        var views = await found
            .AsNoTracking()
            .OrderBy(v => v.Model.Name)
            .ThenBy(v => v.Model.Id)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        return Reply.List("Models retrieved successfully", await db.ShowAsync(views, enabledOnly, cancellationToken), total, page);
    }

    /// <summary>One model, enabled or not; null for an unknown id.</summary>
    public static async Task<ModelResponse?> FindModelAsync(
        this HubDbContext db,
        string id,
        bool enabledOnly,
        CancellationToken cancellationToken
    ) =>
        await db.ModelViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.Model.Id == id, cancellationToken) is { } view
            ? (await db.ShowAsync([view], enabledOnly, cancellationToken))[0]
            : null;

    private static async Task<List<ModelResponse>> ShowAsync(
        this HubDbContext db,
        List<ModelView> views,
        bool enabledOnly,
        CancellationToken cancellationToken
    )
    {
        var rates = await db.FindRatesAsync(views.ConvertAll(v => v.Model.Id), cancellationToken);
        var counts = await db.CountModelsAsync([.. views.Select(v => v.Company.Id).Distinct()], enabledOnly, cancellationToken);
        return views.ConvertAll(v => ModelResponse.From(v, rates[v.Model.Id], counts.GetValueOrDefault(v.Company.Id)));
    }

    /// <summary>How many models, all or the enabled ones, some companies have.</summary>
    public static Task<Dictionary<string, int>> CountModelsAsync(
        this HubDbContext db,
        List<string> companyIds,
        bool enabledOnly,
        CancellationToken cancellationToken
    ) =>
        db
            .Models.Where(m => companyIds.Contains(m.CompanyId))
            .Where(m => !enabledOnly || !db.ModelConfigs.Any(c => c.ModelId == m.Id && !c.IsEnabled))
            .GroupBy(m => m.CompanyId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
}
