namespace Gateway.Admin.Conventions;

/// <summary>A member as the client sent it, or did not.</summary>
internal readonly record struct Sent<T>(bool IsSent, T Value)
{
    /// <summary>The value sent, or the one that stands.</summary>
    public T Or(T standing) => IsSent ? Value : standing;
}
