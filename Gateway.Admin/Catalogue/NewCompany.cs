using Gateway.Admin.Requests;

namespace Gateway.Admin.Catalogue;

/// <summary>A company to be made.</summary>
[RequiresMembers(nameof(Name))]
[Example("""{"name":"Example AI","description":"Makes models"}""")]
internal sealed record NewCompany : CompanyUpdate;
