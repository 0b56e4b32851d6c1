using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// The chat models as a chat client chooses among them: prices per thousand tokens, because that client shows them so.
/// </summary>
internal static class LlmModelEndpoints
{
    private const string ChatMode = "chat";

    public static void MapLlmModels(this IEndpointRouteBuilder routes) => routes.MapGet("/llm/models", ListAsync);

    private static async Task<Revalidated> ListAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        var views = await db.ModelViewsOf()
            .AsNoTracking()
            .Where(v => v.Model.Mode == ChatMode && (v.Config == null || v.Config.IsEnabled))
            .OrderBy(v => v.Model.Name)
            .ThenBy(v => v.Model.Id)
            .ToListAsync(cancellationToken);
        var rates = await db.FindRatesAsync(views.ConvertAll(v => v.Model.Id), cancellationToken);
        return new Revalidated(
            Reply.Ok(new LlmModelsResponse(views.ConvertAll(v => LlmModelResponse.From(v, rates[v.Model.Id])), "OneUIHub"))
        );
    }
}
