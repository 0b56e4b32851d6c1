using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>The query of a list: which of its rows are wanted. 50 unless <c>limit</c> says otherwise.</summary>
internal record PageQuery
{
    /// <summary>From <c>limit</c>, and <c>offset</c> or its alias <c>skip</c>.</summary>
    internal PageRequest Page { get; set; }
}
