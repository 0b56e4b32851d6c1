using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Tombstones;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Makes, changes and ends companies.</summary>
internal sealed class CompanyDirectory(ChangeWriter changes)
{
    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(CompanyUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var company = new Company
        {
            Id = Guid.CreateVersion7().ToString(),
            Name = "",
            CreatedAt = change.Now,
        };
        Apply(wish, company, change.Now);
        change.Db.Companies.Add(company);
        await change.LiftAsync(ChangedEntities.Company, company.ExternalId, cancellationToken);
        change.Audit("company.created", ChangedEntities.Company, company.Id, company);
        change.Touch(ChangedEntities.Company, company.Id);
        return (company.Id, await CommitAsync(change, cancellationToken));
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, CompanyUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await change.Db.Companies.FirstOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } company)
        {
            return ApiError.CompanyNotFound;
        }
        Apply(wish, company, change.Now);
        if (wish.ExternalId.IsSent)
        {
            await change.LiftAsync(ChangedEntities.Company, company.ExternalId, cancellationToken);
        }
        change.Audit("company.updated", ChangedEntities.Company, id, company);
        change.Touch(ChangedEntities.Company, id);
        return await CommitAsync(change, cancellationToken);
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken); // a sync that runs now must not give it a model at this moment
        if (await change.Db.Companies.FirstOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } company)
        {
            return ApiError.CompanyNotFound;
        }
        if (await change.Db.Models.AnyAsync(m => m.CompanyId == id, cancellationToken))
        {
            return ApiError.CompanyHasModels;
        }
        change.Db.Companies.Remove(company);
        await change.BuryAsync(ChangedEntities.Company, id, company.Name, company.ExternalId, cancellationToken);
        change.Audit("company.deleted", ChangedEntities.Company, id, company);
        change.Touch(ChangedEntities.Company, id);
        await change.CommitAsync(cancellationToken);
        return null;
    }

    private async Task<ApiError?> CommitAsync(Change change, CancellationToken cancellationToken)
    {
        try
        {
            await change.CommitAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException fault) when (changes.IsUniqueViolation(fault))
        {
            return ApiError.ExternalIdTaken;
        }
    }

    private static void Apply(CompanyUpdate wish, Company company, DateTime now)
    {
        company.Name = wish.Name.Or(company.Name);
        company.LogoUrl = wish.LogoUrl.Or(company.LogoUrl);
        company.Description = wish.Description.Or(company.Description);
        company.ExternalId = wish.ExternalId.Or(company.ExternalId);
        company.UpdatedAt = now;
    }
}
