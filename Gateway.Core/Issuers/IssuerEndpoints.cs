namespace Gateway.Core.Issuers;

/// <summary>Where people sign in at an issuer, and where codes are exchanged. Immutable.</summary>
/// <param name="Authorization">The issuer's page.</param>
/// <param name="Token">Where a code is exchanged for tokens.</param>
/// <param name="TakesBasic">Whether the client's secret goes into the header <c>Authorization</c>; else it goes into the form.</param>
internal sealed record IssuerEndpoints(Uri Authorization, Uri Token, bool TakesBasic);
