using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Sandbox.Inference;

/// <summary>Reads the few members of a form that count here.</summary>
internal static partial class InferenceFormReader
{
    private const int BytesPerToken = 4;

    /// <exception cref="InvalidDataException">The body is no form.</exception>
    public static InferenceRequest Read(ReadOnlySpan<byte> body, string contentType)
    {
        var boundary = Boundary().Match(contentType).Groups["mark"].Value;
        if (boundary.Length == 0)
        {
            throw new InvalidDataException();
        }
        var request = new InferenceRequest();
        foreach (var part in Encoding.Latin1.GetString(body).Split("--" + boundary).Skip(1))
        {
            var (head, value) = part.Split("\r\n\r\n", 2) is [var first, var rest] ? (first, rest) : ("", "");
            if (Name().Match(head) is { Success: true } name && value.EndsWith("\r\n", StringComparison.Ordinal))
            {
                Take(request, name.Groups["name"].Value, value[..^2]);
            }
        }
        return request;
    }

    private static void Take(InferenceRequest request, string name, string value)
    {
        switch (name)
        {
            case "model":
                request.Model = value;
                break;
            case "file" or "image" or "image[]":
                request.HasInput = true;
                request.SoundBytes += value.Length;
                break;
            case "prompt":
                request.PromptTokens = (value.Length + BytesPerToken - 1) / BytesPerToken;
                break;
            case "n":
                request.N = int.TryParse(value, out var n) ? n : 1;
                break;
            case "size":
                request.ImageSize = value;
                break;
            case "stream":
                request.Stream = value == "true";
                break;
        }
    }

    [GeneratedRegex("boundary=\"?(?<mark>[^\";]+)")]
    private static partial Regex Boundary();

    [GeneratedRegex("[; ]name=\"?(?<name>[^\";\r]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
