using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>A model with its company and its config; without a config it counts as enabled and not free.</summary>
internal sealed class ModelView
{
    public required CatalogModel Model { get; init; }

    public required Company Company { get; init; }

    public ModelConfig? Config { get; init; }
}
