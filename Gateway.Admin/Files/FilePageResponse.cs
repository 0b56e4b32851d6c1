namespace Gateway.Admin.Files;

/// <summary>A page of the caller's files, newest first.</summary>
internal sealed record FilePageResponse(IReadOnlyList<FileResponse> Files, long TotalCount, int Limit, int Offset, bool HasMore);
