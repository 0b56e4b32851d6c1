using System.Collections.Frozen;
using System.Net.Http.Headers;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Ledger;

namespace Gateway.Answers;

/// <summary>
/// Which of the upstream's headers reach the client: those on a list, as far as HTTP can carry them. Everything else belongs to one hop,
/// steers the client or a proxy on the way, tells of the provider's account, or is ours to say; and a header that is not known today may do
/// so tomorrow.
/// </summary>
internal sealed class AnswerHeaders(AnswerOptions options)
{
    private const int LongestValue = 4_096;
    private const string LiteLlm = "x-litellm-";

    private static readonly FrozenSet<string> Passed = FrozenSet.ToFrozenSet(
        [
            "content-encoding",
            "content-language",
            "retry-after",
            "retry-after-ms",
            "x-should-retry",
            "openai-processing-ms",
            "openai-version",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether HTTP can carry the value in a header of ours: short, and nothing but printable ASCII.</summary>
    public static bool IsSendable(ReadOnlySpan<char> value) => value.Length <= LongestValue && !value.ContainsAnyExceptInRange(' ', '~');

    /// <summary>Copies what may pass and reads what the record wants to know.</summary>
    public void Copy(HttpResponseMessage from, HttpResponse to, Call call)
    {
        Copy(from.Headers.NonValidated, to, call);
        Copy(from.Content.Headers.NonValidated, to, call);
    }

    private void Copy(HttpHeadersNonValidated from, HttpResponse to, Call call)
    {
        foreach (var (name, values) in from)
        {
            if (name.StartsWith(LiteLlm, StringComparison.OrdinalIgnoreCase))
            {
                Note(name, values, call);
                if (!options.ForwardLiteLlmHeaders)
                {
                    continue;
                }
            }
            else if (!Passed.Contains(name))
            {
                continue;
            }
            if (IsSendable(values.ToString()))
            {
                to.Headers[name] = values.Count == 1 ? values.ToString() : values.ToArray();
            }
        }
    }

    private static void Note(string name, HeaderStringValues values, Call call)
    {
        if (name.Equals("x-litellm-model-id", StringComparison.OrdinalIgnoreCase))
        {
            call.UpstreamModelId = RecordText.Of(values.ToString());
        }
        else if (name.Equals("x-litellm-cache-key", StringComparison.OrdinalIgnoreCase))
        {
            call.CacheHit = true;
        }
        else if (name.Equals("x-litellm-response-cost", StringComparison.OrdinalIgnoreCase))
        {
            call.UpstreamCostHeader = values.ToString();
        }
    }
}
