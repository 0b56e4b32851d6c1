namespace Gateway.Calls;

/// <summary>A no, as a value: what the client is told. Written by <see cref="ErrorWriter"/> in the shape of the API called.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">OpenAI's <c>error.type</c>.</param>
/// <param name="Code">The machine-readable <c>error.code</c>.</param>
/// <param name="Message">What is wrong and what to change.</param>
/// <param name="Param">The member or header that is wrong, or null.</param>
internal sealed record Refusal(int Status, string Type, string Code, string Message, string? Param = null)
{
    /// <summary>The methods that the path takes, for the header <c>Allow</c> of a 405.</summary>
    public string? Allow { get; init; }

    /// <summary>Whose limit said no, and how it stands; null when it was no limit.</summary>
    public LimitDetails? Details { get; init; }

    /// <summary>Seconds after which the same call passes, for <c>Retry-After</c>; null: none is sent.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>Whether SDKs are told not to try again (<c>x-should-retry: false</c>); those whose key is refused always are.</summary>
    public bool MustNotRetry { get; init; }

    /// <summary>The challenge of a 401.</summary>
    public bool Challenge => Status == StatusCodes.Status401Unauthorized;

    /// <summary>The error that tells of it.</summary>
    public OpenAiError ToError() => new(Message, Type, Param, Code);
}
