namespace Gateway.Core.Storage.Entities;

/// <summary>Roles of users.</summary>
public static class Roles
{
    /// <summary>The default.</summary>
    public const string Customer = "customer";

    /// <summary>The same rights as <see cref="Customer"/>; a label for contract customers.</summary>
    public const string Enterprise = "enterprise";

    /// <summary>Staff: reads.</summary>
    public const string Support = "support";

    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Customer, Enterprise, Support, Admin];
}
