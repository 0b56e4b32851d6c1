using System.Text;
using System.Text.Json;
using Gateway.Admin.Access;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>
/// Kept prompts and answers, for those who may read them: the user whose they are, and admins. What was kept is shown also
/// after keeping was turned off.
/// </summary>
internal static class KeptContent
{
    // Where each API has its prompt.
    private static readonly string[] PromptMembers = ["messages", "input", "prompt"];

    /// <summary>The contents of some calls by their ids; none for a caller who may not read them.</summary>
    public static async Task<IReadOnlyDictionary<string, RequestContent>> OfAsync(
        HubDbContext db,
        SignedInCaller caller,
        string ownerId,
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken
    ) =>
        caller.IsAdmin || caller.UserId == ownerId
            ? await db
                .RequestContents.AsNoTracking()
                .Where(c => ids.Contains(c.Id) && c.UserId == ownerId)
                .ToDictionaryAsync(c => c.Id, StringComparer.Ordinal, cancellationToken)
            : new Dictionary<string, RequestContent>();

    /// <summary>
    /// The messages, input or prompt of a call; its whole body as text where that is no JSON any more; null when it was not kept.
    /// </summary>
    public static object? PromptOf(RequestContent? content)
    {
        if (content is null || Parse(content.Request) is not { } body)
        {
            return content?.Request;
        }
        return
            PromptMembers
                .Select(name => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var prompt) ? prompt : default)
                .FirstOrDefault(p => p.ValueKind != JsonValueKind.Undefined)
                is { ValueKind: not JsonValueKind.Undefined } found
            ? found
            : body;
    }

    /// <summary>The answer: JSON, or the events of a stream as text; null when it was not kept or there was none.</summary>
    public static object? AnswerOf(RequestContent? content) =>
        content is not { Response.Length: > 0 } ? null
        : Parse(content.Response) is { } body ? body
        : content.Response;

    private static JsonElement? Parse(string text) => UpstreamJson.TryParse(Encoding.UTF8.GetBytes(text), out var body) ? body : null;
}
