namespace Gateway.Core.Usage;

/// <summary>
/// An error that came inside a 200 answer. Texts are cut at 1,024 characters; they are the upstream's and may name its insides.
/// </summary>
public sealed record AnswerError(string? Message, string? Type, string? Code);
