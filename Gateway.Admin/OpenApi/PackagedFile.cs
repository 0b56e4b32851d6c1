using System.IO.Compression;
using System.Reflection;

namespace Gateway.Admin.OpenApi;

/// <summary>
/// A script or style sheet out of a package's assembly, where it lies compressed: sent as it lies to browsers that take it so.
/// </summary>
internal sealed class PackagedFile
{
    private readonly byte[] _compressed;
    private readonly string _contentType;

    private PackagedFile(byte[] compressed, string contentType) => (_compressed, _contentType) = (compressed, contentType);

    /// <summary>Reads a file.</summary>
    /// <param name="assembly">The package's assembly.</param>
    /// <param name="name">The end of the resource's name.</param>
    /// <param name="changed">A text in it that is sent as another; it has to be there.</param>
    public static PackagedFile Read(Assembly assembly, string name, (string From, string To)? changed = null)
    {
        var resource = assembly.GetManifestResourceNames().Single(r => r.EndsWith("." + name, StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new PackagedFile(
            changed is { } change ? Change(bytes, change.From, change.To) : bytes,
            name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
        );
    }

    public async Task SendAsync(HttpContext http)
    {
        http.Response.ContentType = _contentType;
        http.Response.Headers.Vary = "Accept-Encoding";
        http.Response.Headers.CacheControl = "public, max-age=86400";
        if (http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.ContentEncoding = "gzip";
            http.Response.ContentLength = _compressed.Length;
            await http.Response.Body.WriteAsync(_compressed, http.RequestAborted);
            return;
        }
        await using var plain = new GZipStream(new MemoryStream(_compressed), CompressionMode.Decompress);
        await plain.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static byte[] Change(byte[] compressed, string from, string to)
    {
        using var unpacked = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        var text = reader.ReadToEnd();
        if (!text.Contains(from, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The packaged file does not hold {from} any more.");
        }
        using var packed = new MemoryStream();
        using (var writer = new StreamWriter(new GZipStream(packed, CompressionLevel.SmallestSize)))
        {
            writer.Write(text.Replace(from, to, StringComparison.Ordinal));
        }
        return packed.ToArray();
    }
}
