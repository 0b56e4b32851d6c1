namespace Gateway.Sandbox.Providers;

/// <summary>Why a provider refuses; each has its own word for it.</summary>
internal enum RefusalReason
{
    NoKey,
    WrongKey,
    Invalid,
    NoModel,
    NoRoute,
    Limit,
    Money,
    Fault,
    Busy,
}
