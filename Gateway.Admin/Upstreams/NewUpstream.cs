using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Upstreams;

namespace Gateway.Admin.Upstreams;

/// <summary>An upstream to be made.</summary>
[RequiresMembers(nameof(Name), nameof(Kind))]
[Example("""{"name":"vllm-1","kind":"openai_compatible","base_url":"http://10.0.0.7:8000/v1","weight":3}""")]
internal sealed record NewUpstream : UpstreamUpdate
{
    // It stands in the ledger and is a metric's label.
    [StringLength(64, MinimumLength = 1)]
    [RegularExpression("[a-z0-9._-]*", ErrorMessage = "must be lower-case letters, digits, dots, hyphens and underscores")]
    public Optional<string> Name { get; init; }

    [OneOf(typeof(UpstreamKind), nameof(UpstreamKind.Names))]
    public Optional<string> Kind { get; init; }
}
