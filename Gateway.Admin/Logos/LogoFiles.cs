using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Gateway.Core.Configuration;

namespace Gateway.Admin.Logos;

/// <summary>
/// Logos of companies on disk: PNG or SVG by what they are, not by what they say; names made here; nothing outside the folder is ever
/// touched. An SVG with anything that acts or loads is refused.
/// </summary>
internal sealed partial class LogoFiles(AdminApiOptions options, ServerOptions server, TimeProvider time)
{
    public const int LargestBytes = 5 * 1024 * 1024;

    private static readonly byte[] PngMagic = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly HashSet<string> Active = new(StringComparer.OrdinalIgnoreCase)
    {
        "script",
        "foreignObject",
        "iframe",
        "object",
        "embed",
        "handler",
        "listener",
        "animate",
        "set",
        "animateTransform",
        "animateMotion",
    };

    private readonly string _folder = Path.GetFullPath(
        Path.Combine(options.UploadDirectory ?? Path.Combine(server.DataDirectory, "uploads"), "logos")
    );

    /// <summary>Stores a logo.</summary>
    /// <returns>Its file name; null when it is neither a PNG nor a harmless SVG, or its name says otherwise.</returns>
    public async Task<string?> SaveAsync(string givenName, byte[] content, CancellationToken cancellationToken)
    {
        var extension = Path.GetExtension(givenName).ToLowerInvariant();
        var kept = extension switch
        {
            ".png" => content.AsSpan().StartsWith(PngMagic) ? content : null,
            ".svg" => HarmlessSvg(content),
            _ => null,
        };
        if (kept is null)
        {
            return null;
        }
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{Guid.CreateVersion7()}_{time.GetUtcNow().ToUnixTimeSeconds()}{extension}"
        );
        Directory.CreateDirectory(_folder);
        await File.WriteAllBytesAsync(Path.Combine(_folder, name), kept, cancellationToken);
        return name;
    }

    /// <summary>The path of a stored logo; null when the name is not one of ours.</summary>
    public string? Find(string name) =>
        Name().IsMatch(name)
        && Path.Combine(_folder, name) is var path
        && Path.GetFullPath(path).StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : null;

    /// <summary>Takes a logo away; one that is gone already is no fault.</summary>
    /// <returns>False when the address names no logo of ours.</returns>
    public bool Delete(string url)
    {
        var path =
            Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https" ? absolute.AbsolutePath : url;
        const string Prefix = "/uploads/logos/";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || Find(path[Prefix.Length..]) is not { } file)
        {
            return false;
        }
        File.Delete(file);
        return true;
    }

    // A picture as it may be stored: as it came, or without its DOCTYPE, which drawing programs write and no browser needs.
    private static byte[]? HarmlessSvg(byte[] content) =>
        IsHarmlessSvg(content, DtdProcessing.Prohibit) ? content
        : IsHarmlessSvg(content, DtdProcessing.Ignore) ? WithoutDoctype(content)
        : null;

    private static byte[] WithoutDoctype(byte[] content)
    {
        using var written = new MemoryStream();
        using (var reader = NewReader(content, DtdProcessing.Ignore))
        using (
            var writer = XmlWriter.Create(
                written,
                new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }
            )
        )
        {
            writer.WriteNode(reader, defattr: false);
        }
        return written.ToArray();
    }

    // What a DOCTYPE declares is never read: an entity of its own, of any kind, is then unknown and a fault.
    private static XmlReader NewReader(byte[] content, DtdProcessing doctype) =>
        XmlReader.Create(
            new MemoryStream(content),
            new XmlReaderSettings
            {
                DtdProcessing = doctype,
                XmlResolver = null,
                MaxCharactersInDocument = LargestBytes,
            }
        );

    private static bool IsHarmlessSvg(byte[] content, DtdProcessing doctype)
    {
        try
        {
            using var reader = NewReader(content, doctype);
            var sawRoot = false;
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.ProcessingInstruction)
                {
                    return false; // a style sheet from elsewhere
                }
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && LoadsElsewhere(reader.Value))
                {
                    return false;
                }
                if (reader.NodeType != XmlNodeType.Element)
                {
                    continue;
                }
                if ((!sawRoot && reader.LocalName != "svg") || Active.Contains(reader.LocalName) || !AttributesAreHarmless(reader))
                {
                    return false;
                }
                sawRoot = true;
            }
            return sawRoot;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool AttributesAreHarmless(XmlReader reader)
    {
        while (reader.MoveToNextAttribute())
        {
            if (
                reader.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                || (reader.LocalName is "href" or "src" && !reader.Value.TrimStart().StartsWith('#'))
                || (reader.Prefix != "xmlns" && reader.Name != "xmlns" && LoadsElsewhere(reader.Value))
            )
            {
                return false;
            }
        }
        reader.MoveToElement();
        return true;
    }

    // url(#gradient) is within the file; anything else that names a place is not.
    private static bool LoadsElsewhere(string text) => Outside().IsMatch(text);

    [GeneratedRegex(@"^[0-9a-f-]{36}_\d+\.(png|svg)\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"@import|javascript:|data:|url\(\s*['""]?\s*(?!#)[^)\s]|expression\(", RegexOptions.IgnoreCase)]
    private static partial Regex Outside();
}
