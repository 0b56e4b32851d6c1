using System.ComponentModel.DataAnnotations;
using Gateway.Core.Storage;

namespace Gateway.Admin.Requests;

/// <summary>A time that is still to come.</summary>
internal sealed class FutureAttribute() : RuleAttribute("future", "must be in the future; without an offset a time is UTC")
{
    public override bool RequiresValidationContext => true;

    protected override ValidationResult? IsValid(object? value, ValidationContext context) =>
        value is DateTime time && time <= context.GetRequiredService<TimeProvider>().UtcNow()
            ? new ValidationResult(Text)
            : ValidationResult.Success;
}
