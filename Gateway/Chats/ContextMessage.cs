using Gateway.Core.Storage.Entities;

namespace Gateway.Chats;

/// <summary>A message as a model is sent it.</summary>
/// <param name="Role">Who wrote it.</param>
/// <param name="Content">The text.</param>
/// <param name="Images">The images that it shows.</param>
internal sealed record ContextMessage(string Role, string Content, IReadOnlyList<StoredFile> Images);
