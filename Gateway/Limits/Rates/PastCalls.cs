namespace Gateway.Limits.Rates;

/// <summary>One or more calls of the last minute.</summary>
/// <param name="AdmittedAt">When the youngest of them was admitted. UTC.</param>
/// <param name="Requests">How many of them count in request windows.</param>
/// <param name="Tokens">Their tokens, prompts and answers.</param>
internal readonly record struct PastCalls(DateTime AdmittedAt, long Requests, long Tokens);
