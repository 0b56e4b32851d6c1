using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Tombstones;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Makes, changes and ends models by hand. What an admin sets here is marked and left alone by sync.</summary>
internal sealed class ModelDirectory(ChangeWriter changes, ModelConfigUpdates configs)
{
    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(ModelUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        if (!await change.Db.Companies.AnyAsync(c => c.Id == wish.CompanyId.Value, cancellationToken))
        {
            return (null, ApiError.CompanyNotFound);
        }
        var model = new CatalogModel
        {
            Id = Guid.CreateVersion7().ToString(),
            CompanyId = wish.CompanyId.Value,
            Name = "",
            Mode = "chat",
            CreatedAt = change.Now,
        };
        Apply(wish, model, isNew: true, change.Now);
        change.Db.Models.Add(model);
        await change.LiftAsync(ChangedEntities.Model, model.ExternalId, cancellationToken);
        change.Audit("model.created", ChangedEntities.Model, model.Id, model);
        var config = ModelConfigUpdates.NewRow(model.Id, change.Now);
        change.Db.ModelConfigs.Add(config);
        var (_, wrong) = await configs.ApplyAsync(
            change,
            model,
            config,
            wish.Config ?? ModelConfigUpdate.Nothing,
            "model_config.created",
            cancellationToken
        );
        return (model.Id, wrong ?? await CommitAsync(change, cancellationToken));
    }

    /// <returns>The rates that changed by the admin's word (null: cleared), and why not.</returns>
    public async Task<(IReadOnlyDictionary<RateKey, Rate?> Rates, ApiError? Refusal)> UpdateAsync(
        string id,
        ModelUpdate wish,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken); // a sync that runs now must see these marks, or these the sync's values
        if (await change.Db.Models.FirstOrDefaultAsync(m => m.Id == id, cancellationToken) is not { } model)
        {
            return (ModelConfigUpdate.Nothing.Rates, ApiError.ModelNotFound);
        }
        if (wish.CompanyId.IsSent && !await change.Db.Companies.AnyAsync(c => c.Id == wish.CompanyId.Value, cancellationToken))
        {
            return (ModelConfigUpdate.Nothing.Rates, ApiError.CompanyNotFound);
        }
        Apply(wish, model, isNew: false, change.Now);
        if (wish.ExternalId.IsSent)
        {
            await change.LiftAsync(ChangedEntities.Model, model.ExternalId, cancellationToken);
        }
        change.Audit("model.updated", ChangedEntities.Model, id, model);
        change.Touch(ChangedEntities.Model, id);
        var rates = ModelConfigUpdate.Nothing.Rates;
        if (wish.Config is { } wanted)
        {
            var standing = await change.Db.ModelConfigs.FirstOrDefaultAsync(c => c.ModelId == id, cancellationToken);
            var config = standing ?? change.Db.ModelConfigs.Add(ModelConfigUpdates.NewRow(id, change.Now)).Entity;
            (rates, var wrong) = await configs.ApplyAsync(
                change,
                model,
                config,
                wanted,
                standing is null ? "model_config.created" : "model_config.updated",
                cancellationToken
            );
            if (wrong is not null)
            {
                return (rates, wrong);
            }
        }
        return (rates, await CommitAsync(change, cancellationToken));
    }

    /// <summary>
    /// Ends a model with its config, rates, limits and budgets; what was called stays in the ledger, and no sync brings it back.
    /// </summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        if (await change.Db.Models.FirstOrDefaultAsync(m => m.Id == id, cancellationToken) is not { } model)
        {
            return ApiError.ModelNotFound;
        }
        change.Db.Budgets.RemoveRange(await change.Db.Budgets.Where(b => b.ModelId == id).ToListAsync(cancellationToken));
        await change.Db.RateLimits.Where(l => l.ModelId == id).ExecuteDeleteAsync(cancellationToken);
        change.Db.Models.Remove(model);
        await change.BuryAsync(ChangedEntities.Model, id, model.Name, model.ExternalId, cancellationToken);
        change.Audit("model.deleted", ChangedEntities.Model, id, model);
        change.Touch(ChangedEntities.Model, id);
        return await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken));
    }

    private async Task<ApiError?> CommitAsync(Change change, CancellationToken cancellationToken)
    {
        try
        {
            return await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken));
        }
        catch (DbUpdateException fault) when (changes.IsUniqueViolation(fault))
        {
            return ApiError.ExternalIdTaken;
        }
    }

    private static bool IsSame<T>(T standing, T sent) =>
        standing is List<string> list ? list.SequenceEqual(sent as List<string> ?? []) : EqualityComparer<T>.Default.Equals(standing, sent);

    // What a form sends back as it was is nobody's decision: only a new value is marked as the admin's and kept by sync.
    private static void Apply(ModelUpdate wish, CatalogModel model, bool isNew, DateTime now)
    {
        Set("company_id", wish.CompanyId, model.CompanyId, value => model.CompanyId = value);
        Set("name", wish.AnyName, model.Name, value => model.Name = value);
        Set("description", wish.Description, model.Description, value => model.Description = value);
        Set("features", wish.Features, model.Features, value => model.Features = value);
        Set("external_id", wish.ExternalId, model.ExternalId, value => model.ExternalId = value);
        Set("aliases", wish.Aliases, model.Aliases, value => model.Aliases = value ?? []);
        Set("providers", wish.Providers, model.Providers, value => model.Providers = value ?? []);
        Set("supported_openai_params", wish.OpenAiParams, model.SupportedOpenAiParams, value => model.SupportedOpenAiParams = value ?? []);
        Set("max_input_tokens", wish.MaxInputTokens, model.MaxInputTokens, value => model.MaxInputTokens = value);
        Set("max_output_tokens", wish.MaxOutputTokens, model.MaxOutputTokens, value => model.MaxOutputTokens = value);
        Set("mode", wish.Mode, model.Mode, value => model.Mode = value);
        Set("supports_vision", wish.SupportsVision, model.SupportsVision, value => model.SupportsVision = value);
        Set(
            "supports_function_calling",
            wish.SupportsFunctionCalling,
            model.SupportsFunctionCalling,
            value => model.SupportsFunctionCalling = value
        );
        Set(
            "supports_parallel_function_calling",
            wish.SupportsParallelFunctionCalling,
            model.SupportsParallelFunctionCalling,
            value => model.SupportsParallelFunctionCalling = value
        );
        Set("supports_web_search", wish.SupportsWebSearch, model.SupportsWebSearch, value => model.SupportsWebSearch = value);
        Set("supports_reasoning", wish.SupportsReasoning, model.SupportsReasoning, value => model.SupportsReasoning = value);
        Set("prompt_overhead_tokens", wish.PromptOverheadTokens, model.PromptOverheadTokens, value => model.PromptOverheadTokens = value);
        Set("tools_overhead_tokens", wish.ToolsOverheadTokens, model.ToolsOverheadTokens, value => model.ToolsOverheadTokens = value);
        Set("reasoning_outside_max", wish.ReasoningOutsideMax, model.ReasoningOutsideMax, value => model.ReasoningOutsideMax = value);
        model.UpdatedAt = now;

        void Set<T>(string member, Optional<T> sent, T standing, Action<T> set)
        {
            if (!sent.IsSent || (!isNew && IsSame(standing, sent.Value)))
            {
                return;
            }
            set(sent.Value);
            if (!model.AdminEdited.Contains(member))
            {
                model.AdminEdited = [.. model.AdminEdited, member]; // a new list: the change is seen by that
            }
        }
    }
}
