using System.Text.Json.Nodes;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.OpenApi;

/// <summary>
/// Ids in examples that are really there: a company, a model and a tier of this installation, as its public lists show them, so that what
/// the document suggests works as it stands.
/// </summary>
internal static class ExampleIds
{
    /// <summary>Stands for a body without members, which the writer of documents would leave out.</summary>
    public const string NoMembers = "{no_members}";

    private const string Nothing = "01980a3c-5d1e-7c55-b0a4-6f2d1c9e8b70";
    private const string Company = "{company_id}";
    private const string Model = "{model_id}";
    private const string Tier = "{tier_id}";

    /// <summary>What to put for a parameter of a path; null where only its reader knows.</summary>
    public static JsonNode? OfPath(string path, string parameter) =>
        (path, parameter) switch
        {
            (_, "key") => "default_monthly_budget",
            (_, "category") => "billing",
            (_, "tier_id") => Tier,
            (_, "model_id") when !path.Contains("/litellm", StringComparison.Ordinal) => Model,
            (_, "user_id") when path.StartsWith("/users/", StringComparison.Ordinal) => "me",
            ("/companies/{id}" or "/companies/{id}/models" or "/admin/companies/{id}", "id") => Company,
            ("/models/{id}" or "/admin/models/{id}", "id") => Model,
            ("/admin/tiers/{id}", "id") => Tier,
            _ => null,
        };

    /// <summary>The document with ids in the places of their names.</summary>
    public static async Task<string> FillAsync(string document, HubDbContext db, CancellationToken cancellationToken)
    {
        string? company = null,
            model = null,
            tier = null;
        try
        {
            company = await db.Companies.OrderBy(c => c.Name).Select(c => c.Id).FirstOrDefaultAsync(cancellationToken);
            model = await db.Models.OrderBy(m => m.Name).ThenBy(m => m.Id).Select(m => m.Id).FirstOrDefaultAsync(cancellationToken);
            tier = await db
                .Tiers.OrderByDescending(t => t.PriceNanoUsd)
                .ThenBy(t => t.Id)
                .Select(t => t.Id)
                .FirstOrDefaultAsync(cancellationToken);
        }
        catch (Exception fault) when (DatabaseFaults.IsAway(fault))
        {
            // The document is there without the database.
        }
        return document
            .Replace($"\"{NoMembers}\"", "{}", StringComparison.Ordinal)
            .Replace($"\"{Company}\"", $"\"{company ?? Nothing}\"", StringComparison.Ordinal)
            .Replace($"\"{Model}\"", $"\"{model ?? Nothing}\"", StringComparison.Ordinal)
            .Replace($"\"{Tier}\"", $"\"{tier ?? Nothing}\"", StringComparison.Ordinal);
    }
}
