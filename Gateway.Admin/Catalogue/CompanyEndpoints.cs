using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Logos;
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
        routes.MapGet(
            "/companies",
            (QueryReader query, HubDbContext db, CancellationToken cancellationToken) =>
                ListAsync(query, db, enabledOnly: true, cancellationToken)
        );
        routes.MapGet(
            "/companies/{id}",
            (string id, HubDbContext db, CancellationToken cancellationToken) => GetAsync(id, db, enabledOnly: true, cancellationToken)
        );
        routes.MapGet("/companies/{id}/models", ListModelsAsync);
        var companies = routes.MapGroup("/admin/companies").RequireAuthorization(AccessPolicies.Admin);
        companies.MapGet(
            "",
            (QueryReader query, HubDbContext db, CancellationToken cancellationToken) =>
                ListAsync(query, db, enabledOnly: false, cancellationToken)
        );
        companies.MapGet(
            "/{id}",
            (string id, HubDbContext db, CancellationToken cancellationToken) => GetAsync(id, db, enabledOnly: false, cancellationToken)
        );
        companies.MapPost("", CreateAsync);
        companies.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        companies.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(QueryReader query, HubDbContext db, bool enabledOnly, CancellationToken cancellationToken)
    {
        var page = query.Page(wholeByDefault: true);
        var search = query.Text("search");
        if (query.Error is { } error)
        {
            return error;
        }
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
        var list = Reply.List(
            "Companies retrieved successfully",
            "companies",
            rows.ConvertAll(c => CompanyResponse.From(c, counts.GetValueOrDefault(c.Id))),
            total,
            page
        );
        return enabledOnly ? new Revalidated(list) : list;
    }

    private static async Task<IResult> GetAsync(string id, HubDbContext db, bool enabledOnly, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, id, enabledOnly, cancellationToken) is not { } company)
        {
            return ApiError.CompanyNotFound;
        }
        var answer = Reply.Enveloped("Company retrieved successfully", company, "company");
        return enabledOnly ? new Revalidated(answer) : answer;
    }

    private static async Task<IResult> ListModelsAsync(string id, QueryReader query, HubDbContext db, CancellationToken cancellationToken)
    {
        var page = query.Page(wholeByDefault: true);
        if (query.Error is { } error)
        {
            return error;
        }
        if (!await db.Companies.AnyAsync(c => c.Id == id, cancellationToken))
        {
            return ApiError.CompanyNotFound;
        }
        return new Revalidated(
            await db.ModelViewsOf()
                .Where(v => v.Model.CompanyId == id && (v.Config == null || v.Config.IsEnabled))
                .ListAsync(db, page, enabledOnly: true, cancellationToken)
        );
    }

    private static async Task<Results<Reply<CompanyResponse>, ApiError>> CreateAsync(
        JsonBody body,
        CompanyDirectory companies,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var name = members.RequiredText("name", 1, 255);
        var wish = Read(members, new Sent<string>(true, name));
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await companies.CreateAsync(wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Company created successfully", (await FindAsync(db, id!, false, cancellationToken))!, "company")
            : refusal;
    }

    private static async Task<Results<Reply<CompanyResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        CompanyDirectory companies,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = Read(members, members.Text("name", 1, 255));
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await companies.UpdateAsync(id, wish, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Company updated successfully", (await FindAsync(db, id, false, cancellationToken))!, "company");
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
        string id,
        CompanyDirectory companies,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await companies.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Company deleted successfully", null);

    private static CompanyUpdate Read(MemberReader members, Sent<string> name)
    {
        var logo = members.NullableText("logo_url", 2_048);
        if (logo.Value is { } url && !LogoAddress.IsValid(url))
        {
            members.Refuse("logo_url", "url", "must be an http or https address, or a path under /uploads/, without . and .. in the path");
        }
        return new CompanyUpdate(name, logo, members.NullableText("description", 10_000), members.NullableText("external_id", 255));
    }

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
