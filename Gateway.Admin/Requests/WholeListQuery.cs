namespace Gateway.Admin.Requests;

/// <summary>The query of a list that once had no pages: up to 1000 rows unless <c>limit</c> or <c>offset</c> is sent.</summary>
internal record WholeListQuery : PageQuery;
