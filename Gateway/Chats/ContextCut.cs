using System.Text.Json;

namespace Gateway.Chats;

/// <summary>What a model is sent of a chat, and what was left out.</summary>
/// <param name="Messages">The system prompt, then messages, the oldest first.</param>
/// <param name="Sent">How many messages of the chat are among them.</param>
/// <param name="LeftOut">How many older ones are not.</param>
/// <param name="IsByTokens">Whether some are not because they would not fit into what the model reads.</param>
internal sealed record ContextCut(IReadOnlyList<ContextMessage> Messages, int Sent, int LeftOut, bool IsByTokens)
{
    /// <summary>What the answer's metadata says of it; nothing when all was sent.</summary>
    public string ToMetadata(bool isEstimated)
    {
        var told = new Dictionary<string, object>();
        if (LeftOut > 0)
        {
            told["context"] = new Dictionary<string, object>
            {
                ["messages_sent"] = Sent,
                ["messages_left_out"] = LeftOut,
                ["cut_by"] = IsByTokens ? "tokens" : "messages",
            };
        }
        if (isEstimated)
        {
            told["estimated"] = true;
        }
        return told.Count == 0 ? "{}" : JsonSerializer.Serialize(told);
    }
}
