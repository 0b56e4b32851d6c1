using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Quotas;

/// <summary>A model by its names.</summary>
internal sealed record BriefModelResponse(string Id, string Name, string? ExternalId, string CompanyId)
{
    public static BriefModelResponse From(CatalogModel model) => new(model.Id, model.Name, model.ExternalId, model.CompanyId);
}
