namespace Gateway.Chats;

/// <summary>One attachment as a client sends it: a file that is stored already, or one that comes along.</summary>
/// <param name="FileId">The stored file; null: none.</param>
/// <param name="Name">The name of one that comes along.</param>
/// <param name="Preview">Its bytes as a data URL, when it is an image; null: it is known by name only.</param>
/// <param name="Size">What the client says of its size, in bytes.</param>
internal sealed record AttachmentWish(string? FileId, string Name, string? Preview, long Size);
