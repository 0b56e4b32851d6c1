namespace Gateway.Admin.Replies;

/// <summary>Tells the document that an answer is 304 when the client has it already.</summary>
internal sealed class RevalidatedMetadata
{
    public static readonly RevalidatedMetadata Instance = new();
}
