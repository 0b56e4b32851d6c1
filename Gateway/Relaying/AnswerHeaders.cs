using System.Collections.Frozen;
using System.Net.Http.Headers;
using Gateway.Core.Configuration;
using Gateway.Inference;
using Gateway.Recording;

namespace Gateway.Relaying;

/// <summary>Which of the upstream's headers reach the client. Nothing that belongs to one hop, sets a cookie, tells of the provider's account, or is ours to say.</summary>
internal sealed class AnswerHeaders(HubOptions options)
{
    private static readonly FrozenSet<string> Dropped = FrozenSet.ToFrozenSet(
        [
            "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
            "content-length", "content-type", "location", "content-location", "refresh", "set-cookie", "set-cookie2", "server", "date", "via", "alt-svc", "strict-transport-security", "www-authenticate",
            "x-request-id", "x-client-request-id", "request-id", "x-process-time", "openai-organization", "vary", "x-powered-by", "content-security-policy", "x-frame-options", "clear-site-data",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] DroppedPrefixes = ["llm_provider-", "x-ratelimit-", "x-oneui-", "access-control-"];

    /// <summary>Copies what may pass and reads what the record wants to know.</summary>
    public void Copy(HttpResponseMessage from, HttpResponse to, InferenceRequest inference)
    {
        Copy(from.Headers.NonValidated, to, inference);
        Copy(from.Content.Headers.NonValidated, to, inference);
    }

    private void Copy(HttpHeadersNonValidated from, HttpResponse to, InferenceRequest inference)
    {
        foreach (var (name, values) in from)
        {
            if (name.StartsWith("x-litellm-", StringComparison.OrdinalIgnoreCase))
            {
                Note(name, values, inference);
                if (!options.ForwardLiteLlmHeaders)
                {
                    continue;
                }
            }
            if (!IsDropped(name))
            {
                to.Headers[name] = values.Count == 1 ? values.ToString() : values.ToArray();
            }
        }
    }

    private static void Note(string name, HeaderStringValues values, InferenceRequest inference)
    {
        if (name.Equals("x-litellm-model-id", StringComparison.OrdinalIgnoreCase))
        {
            inference.UpstreamModelId = RecordText.Of(values.ToString());
        }
        else if (name.Equals("x-litellm-cache-key", StringComparison.OrdinalIgnoreCase))
        {
            inference.CacheHit = true;
        }
        else if (name.Equals("x-litellm-response-cost", StringComparison.OrdinalIgnoreCase))
        {
            inference.UpstreamCostHeader = values.ToString();
        }
    }

    private static bool IsDropped(string name)
    {
        if (Dropped.Contains(name))
        {
            return true;
        }
        foreach (var prefix in DroppedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}
