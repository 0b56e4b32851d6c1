namespace Gateway.Core.Files;

/// <summary>Where the bytes of a file are.</summary>
public static class FileStores
{
    public const string Disk = "disk";
    public const string Database = "database";
}
