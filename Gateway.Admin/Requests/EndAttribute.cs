namespace Gateway.Admin.Requests;

/// <summary>A time in a query that ends a range: a date counts to its end, a time up to its own microsecond.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EndAttribute : Attribute;
