namespace Gateway.Admin.Conventions;

/// <summary>A member of a request that may be absent: an update changes only what was sent, and null is a value too.</summary>
/// <param name="IsSent">Whether the client sent the member.</param>
/// <param name="Value">What it sent; the default when it did not.</param>
internal readonly record struct Optional<T>(bool IsSent, T Value)
{
    /// <summary>The value sent, or the one that stands.</summary>
    public T Or(T standing) => IsSent ? Value : standing;
}
