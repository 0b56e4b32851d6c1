using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// Companies: for everybody and for admins. The public counts show enabled models, those for admins all.
/// </summary>
internal static class CompanyEndpoints
{
    public static void MapCompanies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/companies", ListPublicAsync).Says("List companies", "With the number of their enabled models.");
        routes.MapGet("/companies/{id}", GetPublicAsync).Says("Show a company", "With the number of its enabled models.");
        routes.MapGet("/companies/{id}/models", ListModelsAsync).Says("List a company's models", "Enabled ones only.");
        var companies = routes.MapGroup("/admin/companies").RequireAuthorization(AccessPolicies.Admin);
        companies.MapGet("", ListAllAsync).Says("List companies", "With the number of all their models.");
        companies.MapGet("/{id}", GetAsync).Says("Show a company", "With the number of all its models.");
        companies.MapPost("", CreateAsync).Says("Make a company", "Companies of models at LiteLLM are made by the sync.");
        companies
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change a company", "Changes the members that are sent; the sync keeps them.");
        companies.MapDelete("/{id}", DeleteAsync).Says("Delete a company", "One that has models is 409.");
    }

    private static async Task<Revalidated<ListEnvelope<CompanyResponse>>> ListPublicAsync(
        Query<SearchQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    ) => new(await ListAsync(query.Value, db, enabledOnly: true, cancellationToken));

    private static Task<ListEnvelope<CompanyResponse>> ListAllAsync(
        Query<SearchQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    ) => ListAsync(query.Value, db, enabledOnly: false, cancellationToken);

    private static async Task<ListEnvelope<CompanyResponse>> ListAsync(
        SearchQuery query,
        HubDbContext db,
        bool enabledOnly,
        CancellationToken cancellationToken
    )
    {
        var (search, page) = (query.Search, query.Page);
        var lower = search?.ToLowerInvariant();
        var found = db
            .Companies.AsNoTracking()
            .Where(c =>
                lower == null
                || c.Name.ToLower().Contains(lower)
                || c.Description!.ToLower().Contains(lower)
                || c.ExternalId!.ToLower().Contains(lower)
                || c.Name.Contains(search!)
            );
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await found.OrderBy(c => c.Name).ThenBy(c => c.Id).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken);
        var counts = await db.CountModelsAsync(rows.ConvertAll(c => c.Id), enabledOnly, cancellationToken);
        return Reply.List(
            "Companies retrieved successfully",
            rows.ConvertAll(c => CompanyResponse.From(c, counts.GetValueOrDefault(c.Id))),
            total,
            page
        );
    }

    private static async Task<Results<Revalidated<Envelope<CompanyResponse>>, ApiError>> GetPublicAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, enabledOnly: true, cancellationToken) is { } company
            ? new Revalidated<Envelope<CompanyResponse>>(Reply.Enveloped("Company retrieved successfully", company))
            : ApiError.CompanyNotFound;

    private static async Task<Results<Envelope<CompanyResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, enabledOnly: false, cancellationToken) is { } company
            ? Reply.Enveloped("Company retrieved successfully", company)
            : ApiError.CompanyNotFound;

    private static async Task<Results<Revalidated<ListEnvelope<ModelResponse>>, ApiError>> ListModelsAsync(
        string id,
        Query<WholeListQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (!await db.Companies.AnyAsync(c => c.Id == id, cancellationToken))
        {
            return ApiError.CompanyNotFound;
        }
        return new Revalidated<ListEnvelope<ModelResponse>>(
            await db.ModelViewsOf()
                .Where(v => v.Model.CompanyId == id && (v.Config == null || v.Config.IsEnabled))
                .ListAsync(db, query.Value.Page, enabledOnly: true, cancellationToken)
        );
    }

    private static async Task<Results<CreatedEnvelope<CompanyResponse>, ApiError>> CreateAsync(
        Body<NewCompany> company,
        CompanyDirectory companies,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await companies.CreateAsync(company.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Company created successfully", (await FindAsync(db, id!, false, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<CompanyResponse>, ApiError>> UpdateAsync(
        string id,
        Body<CompanyUpdate> update,
        CompanyDirectory companies,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await companies.UpdateAsync(id, update.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Company updated successfully", (await FindAsync(db, id, false, cancellationToken))!);
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        string id,
        CompanyDirectory companies,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await companies.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Company deleted successfully", null);

    private static async Task<CompanyResponse?> FindAsync(
        HubDbContext db,
        string id,
        bool enabledOnly,
        CancellationToken cancellationToken
    ) =>
        await db.Companies.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellationToken) is { } company
            ? CompanyResponse.From(company, (await db.CountModelsAsync([id], enabledOnly, cancellationToken)).GetValueOrDefault(id))
            : null;
}
