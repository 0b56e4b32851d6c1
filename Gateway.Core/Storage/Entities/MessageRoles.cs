namespace Gateway.Core.Storage.Entities;

/// <summary>Who wrote a message.</summary>
public static class MessageRoles
{
    public const string User = "user";
    public const string Assistant = "assistant";
    public const string System = "system";
}
