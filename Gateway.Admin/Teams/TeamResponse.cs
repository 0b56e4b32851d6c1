using Gateway.Admin.Replies;

namespace Gateway.Admin.Teams;

/// <summary>Team, as it is shown.</summary>
[Alias("team", "teams")]
internal sealed record TeamResponse(string Id, string Name, string? Description, int MembersCount, DateTime CreatedAt, DateTime UpdatedAt);
