using System.Globalization;
using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Json;
using Gateway.Core.Texts;
using Microsoft.Net.Http.Headers;

namespace Gateway.Chats;

/// <summary>Reads what a client sends to a chat: from a JSON body, or from the query of a stream.</summary>
internal sealed class ChatWishReader(BodyReader bodies, BodyOptions options)
{
    /// <summary>The longest message in a body, in characters.</summary>
    public const int LongestContent = 100_000;

    /// <summary>The longest message in a URL, in characters.</summary>
    public const int LongestQueryMessage = 16_000;

    /// <summary>The longest name of a model, in characters.</summary>
    public const int LongestModel = 255;

    /// <summary>The most attachments of a message.</summary>
    public const int MostAttachments = 10;

    /// <summary>The highest maximum of an answer, in tokens.</summary>
    public const long MostTokens = 1_000_000;

    /// <summary>The highest temperature.</summary>
    public const double HighestTemperature = 2;

    private const int LongestName = 255;

    /// <summary>Reads a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="userId">Whose room in memory the body takes.</param>
    public async Task<(ChatWish? Wish, ChatFault? Fault)> ReadBodyAsync(HttpRequest request, string userId)
    {
        if (request.ContentLength > options.MaxBodyBytes)
        {
            return (null, ChatFault.PayloadTooLarge);
        }
        var (body, refusal) = await bodies.ReadAsync(request, userId);
        if (body is null)
        {
            return (null, refusal!.Code == "payload_too_large" ? ChatFault.PayloadTooLarge : ChatFaults.Of(refusal));
        }
        using (body)
        {
            var bytes = body.Array.AsMemory(0, body.Length);
            return bytes.IsEmpty ? Read(JsonElement.Parse("{}"))
                : !IsJson(request) ? (null, ChatFault.UnsupportedMediaType)
                : Parse(bytes) is { } document ? ReadAndDispose(document)
                : (null, ChatFault.InvalidJson);
        }
    }

    /// <summary>Reads a query.</summary>
    public static (ChatWish? Wish, ChatFault? Fault) ReadQuery(IQueryCollection query)
    {
        var message = query["message"].ToString();
        if (message.Length == 0)
        {
            return (
                null,
                new ChatFault(400, "validation_failed", "Message parameter is required")
                {
                    Details = [("message", "required", "is required")],
                }
            );
        }
        var fault = CheckContent("message", message, LongestQueryMessage, hasAttachments: false);
        var model = query["model"].ToString() is { Length: > 0 } name ? name : null;
        fault ??= model?.Length > LongestModel ? TooLong("model", LongestModel) : null;
        double? temperature = null;
        if (query["temperature"].ToString() is { Length: > 0 } degree)
        {
            var isNumber = double.TryParse(degree, NumberStyles.Float, CultureInfo.InvariantCulture, out var read);
            fault ??= isNumber && read is >= 0 and <= HighestTemperature ? null : NoTemperature();
            temperature = read;
        }
        long? maximum = null;
        if (query["max_tokens"].ToString() is { Length: > 0 } count)
        {
            var isNumber = long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var read);
            fault ??= isNumber && read is >= 1 and <= MostTokens ? null : NoMaximum();
            maximum = read;
        }
        return fault is null ? (new ChatWish(message, model, [], temperature, maximum), null) : (null, fault);
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (request.Headers.ContentEncoding.ToString() is "" or "identity");

    private JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (!JsonTexts.AreWhole(body.Span, options.MaxJsonDepth))
            {
                return null;
            }
            var document = JsonDocument.Parse(
                body,
                new JsonDocumentOptions { MaxDepth = options.MaxJsonDepth, AllowDuplicateProperties = false }
            );
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (ChatWish?, ChatFault?) ReadAndDispose(JsonDocument document)
    {
        using (document)
        {
            return Read(document.RootElement);
        }
    }

    private static (ChatWish?, ChatFault?) Read(JsonElement root)
    {
        var (attachments, fault) = ReadAttachments(root);
        var content = "";
        if (root.TryGetProperty("content", out var text) && text.ValueKind != JsonValueKind.Null)
        {
            if (text.ValueKind != JsonValueKind.String)
            {
                return (null, ChatFault.Invalid("content", "string", "must be a text"));
            }
            content = text.GetString()!;
        }
        fault ??= CheckContent("content", content, LongestContent, attachments.Count > 0);
        string? model = null;
        if (root.TryGetProperty("model", out var name) && name.ValueKind != JsonValueKind.Null)
        {
            model = name.ValueKind == JsonValueKind.String ? name.GetString() : null;
            fault ??=
                model is null ? ChatFault.Invalid("model", "string", "must be a text")
                : model.Length > LongestModel ? TooLong("model", LongestModel)
                : null;
            model = model is { Length: > 0 } ? model : null;
        }
        double? temperature = null;
        if (root.TryGetProperty("temperature", out var degree) && degree.ValueKind != JsonValueKind.Null)
        {
            temperature = degree.ValueKind == JsonValueKind.Number && degree.TryGetDouble(out var read) ? read : null;
            fault ??= temperature is >= 0 and <= HighestTemperature ? null : NoTemperature();
        }
        long? maximum = null;
        if (root.TryGetProperty("max_tokens", out var count) && count.ValueKind != JsonValueKind.Null)
        {
            maximum = JsonInteger.TryRead(count, out var read) ? read : null;
            fault ??= maximum is >= 1 and <= MostTokens ? null : NoMaximum();
        }
        return fault is null ? (new ChatWish(content, model, attachments, temperature, maximum), null) : (null, fault);
    }

    private static (IReadOnlyList<AttachmentWish>, ChatFault?) ReadAttachments(JsonElement root)
    {
        if (!root.TryGetProperty("attachments", out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return ([], null);
        }
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostAttachments)
        {
            return ([], ChatFault.Invalid("attachments", "array", $"must be an array, maximum length is {MostAttachments}"));
        }
        List<AttachmentWish> attachments = [];
        foreach (var item in list.EnumerateArray())
        {
            var fileId = TextOf(item, "file_id");
            var name = TextOf(item, "name") ?? "";
            if (item.ValueKind != JsonValueKind.Object || (fileId is null && name.Length == 0))
            {
                return ([], ChatFault.Invalid("attachments", "attachment", "must hold objects with file_id, or with name"));
            }
            var size = item.TryGetProperty("size", out var told) && JsonInteger.TryRead(told, out var bytes) && bytes > 0 ? bytes : 0;
            attachments.Add(new AttachmentWish(fileId, TextCut.First(name, LongestName), TextOf(item, "preview"), size));
        }
        return (attachments, null);
    }

    private static string? TextOf(JsonElement item, string member) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty(member, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static ChatFault? CheckContent(string field, string content, int longest, bool hasAttachments) =>
        content.Length > longest ? TooLong(field, longest)
        : content.Contains('\0', StringComparison.Ordinal) ? ChatFault.Invalid(field, "characters", "must not hold the character NUL")
        : string.IsNullOrWhiteSpace(content) && !hasAttachments
            ? ChatFault.Invalid(field, "required", "is required: its minimum length is 1, and blanks alone do not count")
        : null;

    private static ChatFault TooLong(string field, int longest) => ChatFault.Invalid(field, "max_length", $"maximum length is {longest}");

    private static ChatFault NoTemperature() => ChatFault.Invalid("temperature", "number", "must be a number, minimum is 0, maximum is 2");

    private static ChatFault NoMaximum() =>
        ChatFault.Invalid("max_tokens", "integer", $"must be a whole number, minimum is 1, maximum is {MostTokens}");
}
