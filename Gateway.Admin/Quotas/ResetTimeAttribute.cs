using Gateway.Admin.Requests;

namespace Gateway.Admin.Quotas;

/// <summary>A time that a budget's periods are counted from.</summary>
internal sealed class ResetTimeAttribute() : RuleAttribute("range", "must be between the years 2000 and 2200")
{
    public static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly DateTime Latest = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public override bool IsValid(object? value) => value is not DateTime time || (time >= Earliest && time <= Latest);
}
