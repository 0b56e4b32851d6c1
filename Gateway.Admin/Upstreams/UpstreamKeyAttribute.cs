using Gateway.Admin.Requests;

namespace Gateway.Admin.Upstreams;

/// <summary>A key that a header can carry.</summary>
internal sealed class UpstreamKeyAttribute() : RuleAttribute("format", "must be a key without white space")
{
    public override bool IsValid(object? value) => value is not string text || text.All(c => c is > ' ' and <= '~');
}
