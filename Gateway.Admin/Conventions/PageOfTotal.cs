namespace Gateway.Admin.Conventions;

/// <summary>Where a page stands in its list.</summary>
internal sealed record PageOfTotal(long TotalCount, int Limit, int Offset, bool HasMore);
