namespace Gateway.Admin.Requests;

/// <summary>A number within bounds, both included.</summary>
internal sealed class NumberAttribute(long minimum, long maximum)
    : RuleAttribute("number", $"must be a number, minimum is {minimum}, maximum is {maximum}")
{
    public long Minimum => minimum;

    public long Maximum => maximum;

    public override bool IsValid(object? value) => value is null || (value is decimal number && number >= minimum && number <= maximum);
}
