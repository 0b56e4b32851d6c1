namespace Gateway.Admin.WebConsole;

/// <summary>Whose pages people may sign in at, beside email and password.</summary>
internal sealed record IdentityProvidersResponse(IReadOnlyList<IdentityProviderResponse> Providers);
