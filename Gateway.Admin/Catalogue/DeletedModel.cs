namespace Gateway.Admin.Catalogue;

/// <summary>What became of a deleted model at LiteLLM: null, it was never there.</summary>
internal sealed record DeletedModel(bool? LitellmDeleted, IReadOnlyList<string> Warnings);
