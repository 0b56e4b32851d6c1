namespace Gateway.Core.Tokens;

/// <summary>What a token is for.</summary>
public enum TokenKind
{
    /// <summary>Opens routes.</summary>
    Access,

    /// <summary>Opens a new pair of tokens.</summary>
    Refresh,
}
