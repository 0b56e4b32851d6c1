using Gateway.Admin.Logos;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Catalogue;

/// <summary>Where a company's logo may be.</summary>
internal sealed class LogoUrlAttribute()
    : RuleAttribute("url", "must be an http or https address, or a path under /uploads/, without . and .. in the path")
{
    public override bool IsValid(object? value) => value is not string url || LogoAddress.IsValid(url);
}
