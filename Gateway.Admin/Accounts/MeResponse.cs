namespace Gateway.Admin.Accounts;

/// <summary>
/// The caller: all members of the user, and once more under <c>user</c>, because one client reads the former and another the latter.
/// </summary>
internal sealed record MeResponse : UserResponse
{
    private MeResponse(UserResponse user)
        : base(user) => User = user;

    public UserResponse User { get; }

    public static MeResponse Of(UserView view) => new(UserResponse.From(view));
}
