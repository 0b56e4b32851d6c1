namespace Gateway.Core.Issuers;

/// <summary>What came of looking at a token of the issuer.</summary>
public enum IssuerVerdict
{
    /// <summary>It is good and belongs to a user here, who may still be switched off.</summary>
    Accepted,

    /// <summary>Form, algorithm, signature, issuer, audience or times are wrong: 401.</summary>
    Invalid,

    /// <summary>Only its time is over: 401.</summary>
    Expired,

    /// <summary>It is good, but there is no account for it and none is made: 403.</summary>
    NoAccount,

    /// <summary>It is good, but names a tier or team that does not exist here, whose limits can therefore not hold: 403.</summary>
    UnknownGroup,

    /// <summary>The issuer's keys are not available yet: 503.</summary>
    Unavailable,
}
