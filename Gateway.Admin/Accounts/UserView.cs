using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Accounts;

/// <summary>A user with what an answer shows beside it.</summary>
internal sealed class UserView
{
    public required User User { get; init; }

    public required Tier Tier { get; init; }

    /// <summary>Null until traffic has charged the user.</summary>
    public UserAccount? Account { get; init; }
}
