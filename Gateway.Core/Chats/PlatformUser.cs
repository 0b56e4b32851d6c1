namespace Gateway.Core.Chats;

/// <summary>
/// The account that pays for what the platform does of itself. It cannot sign in; admins see it and may give it a budget.
/// </summary>
public static class PlatformUser
{
    /// <summary>Its id, and its username.</summary>
    public const string Id = "platform";

    /// <summary>Its email, at which there is nobody.</summary>
    public const string Email = "platform@system.invalid";
}
