using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>Company, as it is shown.</summary>
[Alias("company", "companies")]
internal sealed record CompanyResponse(
    string Id,
    string Name,
    string? LogoUrl,
    string? Description,
    string? ExternalId,
    int ModelsCount,
    DateTime CreatedAt,
    DateTime UpdatedAt
)
{
    public static CompanyResponse From(Company company, int modelsCount) =>
        new(
            company.Id,
            company.Name,
            company.LogoUrl,
            company.Description,
            company.ExternalId,
            modelsCount,
            company.CreatedAt,
            company.UpdatedAt
        );
}
