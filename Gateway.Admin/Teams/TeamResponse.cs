namespace Gateway.Admin.Teams;

/// <summary>Team, as it is shown.</summary>
internal sealed record TeamResponse(string Id, string Name, string? Description, int MembersCount, DateTime CreatedAt, DateTime UpdatedAt);
