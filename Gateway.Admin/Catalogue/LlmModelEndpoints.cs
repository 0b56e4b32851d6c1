using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Core.Chats;
using Gateway.Core.Policy;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// The chat models as a chat client chooses among them: prices per thousand tokens, because that client shows them so.
/// </summary>
internal static class LlmModelEndpoints
{
    public static void MapLlmModels(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/llm/models", ListAsync)
            .Says("List chat models", "Enabled ones, the default of new chats first, with prices per thousand tokens.");

    // The default model comes first: one client takes the first one as its own.
    private static async Task<Revalidated<Reply<LlmModelsResponse>>> ListAsync(
        HubDbContext db,
        PolicySource policy,
        CancellationToken cancellationToken
    )
    {
        var setting = await HubSettings.DefaultChatModel.ReadTextAsync(db, cancellationToken);
        var first = ChatModels.Default(policy.Current, setting)?.Id;
        var views = await db.ModelViewsOf()
            .AsNoTracking()
            .Where(v => v.Model.Mode == ChatModels.Mode && (v.Config == null || v.Config.IsEnabled))
            .OrderBy(v => v.Model.Id == first ? 0 : 1)
            .ThenBy(v => v.Model.Name)
            .ThenBy(v => v.Model.Id)
            .ToListAsync(cancellationToken);
        var rates = await db.FindRatesAsync(views.ConvertAll(v => v.Model.Id), cancellationToken);
        return new(Reply.Ok(new LlmModelsResponse(views.ConvertAll(v => LlmModelResponse.From(v, rates[v.Model.Id])), "OneUIHub")));
    }
}
