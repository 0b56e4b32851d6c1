namespace Gateway.Admin.LiteLlm;

/// <summary>What came of a deletion by the admin page.</summary>
internal sealed record DeletedFromPage(bool Success, string Message, IReadOnlyList<string> Warnings);
