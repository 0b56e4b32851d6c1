using Gateway.Admin.Requests;

namespace Gateway.Admin.Upstreams;

/// <summary>Addresses of an upstream.</summary>
internal sealed class UpstreamAddressAttribute()
    : RuleAttribute("url", "must be one http or https address or more, separated by commas, without query and credentials")
{
    public override bool IsValid(object? value)
    {
        if (value is not string text)
        {
            return true;
        }
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0
            && Array.TrueForAll(
                parts,
                part =>
                    Uri.TryCreate(part, UriKind.Absolute, out var url)
                    && url.Scheme is "http" or "https"
                    && url is { Query: "", Fragment: "", UserInfo: "" }
            );
    }
}
