namespace Gateway.Admin.Requests;

/// <summary>An http or https address.</summary>
internal sealed class HttpUrlAttribute() : RuleAttribute("url", "must be an http or https address")
{
    public override bool IsValid(object? value) =>
        value is null || (Uri.TryCreate(value as string, UriKind.Absolute, out var address) && address.Scheme is "http" or "https");
}
