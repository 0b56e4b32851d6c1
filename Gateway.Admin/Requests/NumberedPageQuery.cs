namespace Gateway.Admin.Requests;

/// <summary>The query of a list whose pages may be asked for by their number too: <c>page</c>, from 1 on; 20 rows each.</summary>
internal record NumberedPageQuery : PageQuery
{
    /// <summary>The page's number.</summary>
    internal int Number { get; set; }

    internal override int DefaultSize => 20;
}
