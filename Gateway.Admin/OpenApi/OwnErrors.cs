namespace Gateway.Admin.OpenApi;

/// <summary>Tells the document which errors a route has of its own.</summary>
internal sealed record OwnErrors(IReadOnlyList<int> Statuses);
