namespace Gateway.Core.Quotas;

/// <summary>The names of scopes and modes as the management API and refusals write them.</summary>
public static class QuotaNames
{
    /// <summary><c>enforce</c>, <c>shadow</c>.</summary>
    public static IReadOnlyList<string> Modes { get; } = ["enforce", "shadow"];

    /// <summary><c>api_key</c>, <c>user</c>, <c>team</c>, <c>tier</c>.</summary>
    public static string ToName(this QuotaScope scope) =>
        scope switch
        {
            QuotaScope.ApiKey => "api_key",
            QuotaScope.User => "user",
            QuotaScope.Team => "team",
            _ => "tier",
        };

    /// <summary><c>enforce</c>, <c>shadow</c>.</summary>
    public static string ToName(this QuotaMode mode) => mode == QuotaMode.Shadow ? "shadow" : "enforce";

    /// <summary>Reads a mode; false when the text is no mode.</summary>
    public static bool TryParseMode(string? text, out QuotaMode mode)
    {
        mode = text == "shadow" ? QuotaMode.Shadow : QuotaMode.Enforce;
        return text is "enforce" or "shadow";
    }
}
