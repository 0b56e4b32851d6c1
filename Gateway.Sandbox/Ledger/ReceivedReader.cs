using System.Security.Cryptography;
using System.Text;

namespace Gateway.Sandbox.Ledger;

/// <summary>Takes down what a caller sent, without any credential.</summary>
internal static class ReceivedReader
{
    private static readonly string[] Kept =
    [
        "Accept",
        "Accept-Encoding",
        "Content-Type",
        "Content-Length",
        "Transfer-Encoding",
        "User-Agent",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "Via",
        "Traceparent",
        "X-Request-Id",
        "Connection",
        "Host",
    ];

    // Where a caller could put a key; LiteLLM's own headers are kept but for this one.
    private const string LiteLlmKeyHeader = "x-litellm-api-key";

    public static SandboxReceived Read(HttpRequest request, ReadOnlySpan<byte> body, int bodyBytes)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers)
        {
            var isLiteLlm =
                name.StartsWith("x-litellm-", StringComparison.OrdinalIgnoreCase)
                && !name.Equals(LiteLlmKeyHeader, StringComparison.OrdinalIgnoreCase);
            if (isLiteLlm || Kept.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                headers[name.ToLowerInvariant()] = values.ToString();
            }
            else
            {
                headers[name.ToLowerInvariant()] = "(withheld)"; // that it came is worth knowing, what it said is not kept
            }
        }
        return new SandboxReceived(
            headers,
            Convert.ToHexStringLower(SHA256.HashData(body)),
            Encoding.UTF8.GetString(body[..Math.Min(body.Length, bodyBytes)])
        );
    }
}
