namespace Gateway.Admin;

/// <summary>What an operator in Development must see once.</summary>
/// <param name="AdminEmail">The invented admin's email, or null.</param>
/// <param name="AdminPassword">The invented admin's password, or null.</param>
/// <param name="ApiKey">The invented key, or null.</param>
public sealed record FirstStartResult(string? AdminEmail, string? AdminPassword, string? ApiKey)
{
    /// <summary>Nothing was invented.</summary>
    public static readonly FirstStartResult Nothing = new(null, null, null);

    /// <summary>The email alone, so that a log line made by mistake gives nothing away.</summary>
    public override string ToString() => AdminEmail ?? "nothing";
}
