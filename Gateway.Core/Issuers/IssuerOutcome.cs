namespace Gateway.Core.Issuers;

/// <summary>The outcome for one token. Immutable.</summary>
/// <param name="Verdict">What it is.</param>
/// <param name="UserId">The user, when accepted.</param>
/// <param name="Reason">What the caller is told beyond the verdict: which group is unknown.</param>
public sealed record IssuerOutcome(IssuerVerdict Verdict, string? UserId = null, string? Reason = null)
{
    internal static readonly IssuerOutcome Invalid = new(IssuerVerdict.Invalid);
    internal static readonly IssuerOutcome Expired = new(IssuerVerdict.Expired);
    internal static readonly IssuerOutcome NoAccount = new(IssuerVerdict.NoAccount);
    internal static readonly IssuerOutcome Unavailable = new(IssuerVerdict.Unavailable);
}
