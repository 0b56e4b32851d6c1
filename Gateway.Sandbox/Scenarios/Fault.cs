namespace Gateway.Sandbox.Scenarios;

/// <summary>Where, if at all, a call goes wrong.</summary>
internal enum Fault
{
    None,
    Status,
    LiteLlmRateLimit,
    BudgetExceeded,
    HtmlError,
    EmptyError,
    Redirect,
    Hang,
    DropBeforeHeaders,
    DropMidBody,
    DropMidStream,
    ResetMidStream,
    MalformedJson,
    ErrorEvent,
    ErrorEventFirst,
    ProviderDrop,
    Stall,
    Empty,
    NullBody,
    WrongContentType,
}
