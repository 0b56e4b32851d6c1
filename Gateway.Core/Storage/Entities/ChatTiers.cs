namespace Gateway.Core.Storage.Entities;

/// <summary>Under which word chat clients list a model.</summary>
public static class ChatTiers
{
    /// <summary>Cheap or free.</summary>
    public const string Budget = "budget";

    /// <summary>In between, or of a price that nobody knows.</summary>
    public const string Balanced = "balanced";

    /// <summary>Dear.</summary>
    public const string Premium = "premium";

    /// <summary>For particular work; only an admin says so.</summary>
    public const string Specialized = "specialized";

    /// <summary>All of them; a client lists a model under no other word.</summary>
    public static IReadOnlyList<string> All { get; } = [Budget, Balanced, Premium, Specialized];
}
