namespace Gateway.Calls;

/// <summary>The members of OpenAI's <c>error</c> object.</summary>
internal sealed record OpenAiError(string Message, string Type, string? Param, string? Code);
