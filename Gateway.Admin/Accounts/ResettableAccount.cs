namespace Gateway.Admin;

/// <summary>An account as an operator at the command line sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Email">Its email, which it signs in with.</param>
/// <param name="Role">What it may do.</param>
/// <param name="IsActive">Whether it may sign in at all.</param>
public sealed record ResettableAccount(string Id, string Email, string Role, bool IsActive);
