using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Storage.Entities;

namespace Gateway.Tests.RealLiteLlm;

/// <summary>An answer, and the way to its row in the ledger.</summary>
public sealed record RealAnswer(HttpResponseMessage Http, string Text, Func<Task<UsageRecord>> RecordAsync)
{
    public int Status => (int)Http.StatusCode;

    /// <summary>A plain answer.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The events of a stream, without <c>[DONE]</c>.</summary>
    public IReadOnlyList<JsonNode> Chunks =>
        [
            .. Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Where(text => text.StartsWith("data: {", StringComparison.Ordinal))
                .Select(text => JsonNode.Parse(text["data: ".Length..])!),
        ];

    /// <summary>Whether the stream ended with its end mark.</summary>
    public bool IsDone => Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);

    /// <summary>The text that a stream or a plain answer says.</summary>
    public string Content
    {
        get
        {
            var text = new StringBuilder();
            foreach (var part in Text.StartsWith('{') ? [Json] : Chunks)
            {
                var choice = part["choices"]?.AsArray().FirstOrDefault();
                text.Append((choice?["delta"]?["content"] ?? choice?["message"]?["content"] ?? choice?["text"])?.GetValue<string>());
            }
            return text.ToString();
        }
    }
}
