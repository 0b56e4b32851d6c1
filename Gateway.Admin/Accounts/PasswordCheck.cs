namespace Gateway.Admin.Accounts;

/// <summary>What came of checking a password.</summary>
internal enum PasswordCheck
{
    /// <summary>Not this user's, or no such user.</summary>
    Wrong,

    /// <summary>This user's.</summary>
    Right,

    /// <summary>This user's, but hashed with less work than today, or by another system: hash it again while it is known.</summary>
    RightButWeak,
}
