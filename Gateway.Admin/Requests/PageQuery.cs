using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>The query of a list: which of its rows are wanted.</summary>
internal record PageQuery
{
    /// <summary>From <c>limit</c>, and <c>offset</c> or its alias <c>skip</c>.</summary>
    internal PageRequest Page { get; set; }

    /// <summary>Rows of a page when <c>limit</c> is not sent.</summary>
    internal virtual int DefaultSize => 50;
}
