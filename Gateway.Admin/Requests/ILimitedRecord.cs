using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>
/// A wire record of something that carries limits. A member that looks like a limit and is not one of the record's is refused: what was to
/// be limited would be unlimited otherwise. Other unknown members are ignored.
/// </summary>
internal interface ILimitedRecord
{
    /// <summary>What the resource calls its limits.</summary>
    LimitMembers Limits { get; }
}
