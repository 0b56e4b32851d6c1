namespace Gateway.Core.Files;

/// <summary>Bytes that were stored, before there is a row for them.</summary>
/// <param name="Id">The id that the file will have.</param>
/// <param name="Filename">The name that the server gave it.</param>
/// <param name="MimeType">What it is by its bytes.</param>
/// <param name="Size">How many bytes.</param>
/// <param name="Sha256">Their SHA-256, hexadecimal.</param>
public sealed record StoredBytes(string Id, string Filename, string MimeType, long Size, string Sha256);
