using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Catalogue;

/// <summary>What is to be of a company.</summary>
[Example("""{"description":"Makes models"}""")]
internal record CompanyUpdate
{
    [StringLength(255, MinimumLength = 1)]
    public Optional<string> Name { get; init; }

    [StringLength(2_048), LogoUrl]
    public Optional<string?> LogoUrl { get; init; }

    [StringLength(10_000)]
    public Optional<string?> Description { get; init; }

    [StringLength(255)]
    public Optional<string?> ExternalId { get; init; }
}
