namespace Gateway.Core.Storage.Entities;

/// <summary>A piece of a file whose bytes are in the database. Without a foreign key: the pieces come before their file's row.</summary>
public sealed class StoredFilePart
{
    /// <summary>The file.</summary>
    public required string FileId { get; set; }

    /// <summary>From 0.</summary>
    public int PartNumber { get; set; }

    /// <summary>Its bytes; all pieces but the last are of one size.</summary>
    public required byte[] Content { get; set; }
}
