using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>An email address.</summary>
internal sealed class EmailAttribute() : RuleAttribute("email", "must be a valid email address")
{
    public override bool IsValid(object? value) => value is null || (value is string text && EmailAddress.IsValid(text));
}
