using System.Text;
using Microsoft.Net.Http.Headers;

namespace Gateway.Bodies;

/// <summary>The mark between the parts of a form, as the content type gives it.</summary>
internal static class FormBoundary
{
    private const int LongestBoundary = 70; // RFC 2046

    /// <summary>Reads it; null when the type is no form, or its boundary none that all readers take for the same.</summary>
    public static string? Of(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && type.Parameters.Count(p => p.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase)) == 1
        && HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is { Length: > 0 and <= LongestBoundary } boundary
        && boundary.All(c => char.IsAsciiLetterOrDigit(c) || "'()+_,-./:=?".Contains(c, StringComparison.Ordinal))
            ? boundary
            : null;

    /// <summary>The whole content type, for the upstream.</summary>
    public static string TypeOf(string boundary) => $"multipart/form-data; boundary=\"{boundary}\"";

    /// <summary>A part to be put in front of the others.</summary>
    public static byte[] TextPart(string boundary, string name, string value) =>
        Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
}
