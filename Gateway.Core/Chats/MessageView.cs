using System.Text.Json;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Chats;

/// <summary>A message as clients see it: in lists, and as the answer of the call that made it.</summary>
public record MessageView(
    string Id,
    string ChatId,
    string Role,
    string Content,
    string? ModelUsed,
    long Tokens,
    long TokensInput,
    long TokensOutput,
    decimal Cost,
    IReadOnlyList<MessageAttachment> Attachments,
    IReadOnlyDictionary<string, JsonElement> MessageMetadata,
    bool IsIncomplete,
    int SequenceNumber,
    DateTime CreatedAt
)
{
    private const string Failed = "failed";
    private static readonly JsonElement True = JsonElement.Parse("true");

    /// <summary>A row as it is shown.</summary>
    public static MessageView Of(ChatMessage row)
    {
        var metadata = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(row.Metadata, ChatJson.Options) ?? [];
        if (row.IsFailed)
        {
            metadata[Failed] = True;
        }
        return new MessageView(
            row.Id,
            row.ChatId,
            row.Role,
            row.Content,
            row.ModelUsed,
            row.TokensOutput,
            row.TokensInput,
            row.TokensOutput,
            Money.UsdOf(row.CostNanoUsd),
            ChatJson.ReadAttachments(row.Attachments),
            metadata,
            row.IsIncomplete,
            row.SequenceNumber,
            row.CreatedAt
        );
    }
}
