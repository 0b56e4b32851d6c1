namespace Gateway.Admin.Requests;

/// <summary>A whole number within bounds, both included.</summary>
internal sealed class WholeAttribute(long minimum, long maximum)
    : RuleAttribute("integer", $"must be a whole number, minimum is {minimum}, maximum is {maximum}")
{
    public long Minimum => minimum;

    public long Maximum => maximum;

    public override bool IsValid(object? value) => value is null || (value is long number && number >= minimum && number <= maximum);
}
