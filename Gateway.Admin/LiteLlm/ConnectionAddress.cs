using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.LiteLlm;

/// <summary>Which LiteLLM is to be tried.</summary>
[Example("{}")]
internal sealed record ConnectionAddress
{
    [StringLength(2_048), HttpUrl]
    [Description("The one in use when it is not sent.")]
    public string? BaseUrl { get; init; }

    [StringLength(1_000)]
    public string? ApiKey { get; init; }
}
