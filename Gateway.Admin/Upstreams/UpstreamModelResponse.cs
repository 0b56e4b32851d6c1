namespace Gateway.Admin.Upstreams;

/// <summary>A model that stands at an upstream.</summary>
/// <param name="ModelId">The model's id here.</param>
/// <param name="Model">Its name here.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Source"><c>admin</c> or <c>sync</c>.</param>
internal sealed record UpstreamModelResponse(string ModelId, string Model, string Name, string Source);
