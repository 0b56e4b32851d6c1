using System.Collections.Frozen;

namespace Gateway.Core.Files;

/// <summary>The types of files that users may keep here.</summary>
public static class FileTypes
{
    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string Gif = "image/gif";
    public const string Webp = "image/webp";
    public const string Pdf = "application/pdf";
    public const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    /// <summary>The ending of a file's name, by type.</summary>
    public static FrozenDictionary<string, string> Endings { get; } =
        new Dictionary<string, string>
        {
            [Jpeg] = ".jpg",
            [Png] = ".png",
            [Gif] = ".gif",
            [Webp] = ".webp",
            [Pdf] = ".pdf",
            [Docx] = ".docx",
        }.ToFrozenDictionary();
}
