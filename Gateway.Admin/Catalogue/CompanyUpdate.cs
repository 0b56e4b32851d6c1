using Gateway.Admin.Conventions;

namespace Gateway.Admin.Catalogue;

/// <summary>What is to be of a company.</summary>
internal sealed record CompanyUpdate(Sent<string> Name, Sent<string?> LogoUrl, Sent<string?> Description, Sent<string?> ExternalId);
