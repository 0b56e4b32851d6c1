using System.Text.Json;
using Gateway.Core.Buffers;
using Gateway.Core.Chats;

namespace Gateway.Chats;

/// <summary>A refusal or failure of a chat's route, as clients of <c>/api/v1</c> read it. Carries nothing internal.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Text">What is wrong, under <c>error</c>, <c>message</c> and <c>detail</c>.</param>
internal sealed record ChatFault(int Status, string Code, string Text)
{
    public static readonly ChatFault AuthorizationRequired = new(401, "authorization_required", "Authorization header required");
    public static readonly ChatFault AuthorizationMalformed = new(401, "authorization_malformed", "Invalid authorization header format");
    public static readonly ChatFault TokenInvalid = new(401, "token_invalid", "Invalid token");
    public static readonly ChatFault InvalidJson = new(400, "invalid_json", "Invalid JSON");
    public static readonly ChatFault UnsupportedMediaType = new(
        415,
        "unsupported_media_type",
        "Unsupported media type: application/json is expected"
    );
    public static readonly ChatFault PayloadTooLarge = new(413, "payload_too_large", "Payload too large");
    public static readonly ChatFault ModelNotFound = new(404, "model_not_found", "Model not found");
    public static readonly ChatFault ModelDisabled = new(403, "model_disabled", "The model is disabled");
    public static readonly ChatFault ModelNotChat = new(400, "model_not_chat", "The model does not chat");
    public static readonly ChatFault ModelLacksVision = new(
        400,
        "model_lacks_vision",
        "The model does not read images. Choose one that does, or take the images out"
    );
    public static readonly ChatFault ChatNotFound = new(404, "chat_not_found", "Chat not found");
    public static readonly ChatFault FileNotFound = new(404, "file_not_found", "File not found");
    public static readonly ChatFault ChatArchived = new(409, "chat_archived", "The chat is archived. Restore it first");
    public static readonly ChatFault ChatBusy = new(409, "chat_busy", "Another answer is being made in this chat. Wait for its end");
    public static readonly ChatFault UpstreamEmpty = new(502, "upstream_empty", "The model answered with nothing");
    public static readonly ChatFault Upstream = new(502, "upstream_error", "Upstream error");
    public static readonly ChatFault UpstreamTimeout = new(504, "upstream_timeout", "Upstream timeout");
    public static readonly ChatFault NotReady = new(503, "not_ready", "The database is unavailable. Try again in a moment");
    public static readonly ChatFault Internal = new(500, "internal_error", "Internal server error");

    /// <summary>The members that are at fault.</summary>
    public IReadOnlyList<(string Field, string Code, string Message)> Details { get; init; } = [];

    /// <summary>Seconds after which the same passes; null: nobody knows.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>One member is at fault.</summary>
    public static ChatFault Invalid(string field, string code, string message) =>
        new(400, "validation_failed", $"{field}: {message}") { Details = [(field, code, message)] };

    /// <summary>Answers with it. Does nothing when the answer has begun.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            return;
        }
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        if (Status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
        if (RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        using var body = new PooledBuffer(1_024);
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = ChatJson.Options.Encoder }))
        {
            WriteTo(json, http.TraceIdentifier);
        }
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body.Written, http.RequestAborted);
    }

    /// <summary>Writes it as JSON.</summary>
    public void WriteTo(Utf8JsonWriter json, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("error", Text);
        json.WriteString("message", Text);
        json.WriteString("detail", Text);
        json.WriteBoolean("success", false);
        json.WriteString("code", Code);
        json.WriteStartArray("details");
        foreach (var (field, code, message) in Details)
        {
            json.WriteStartObject();
            json.WriteString("field", field);
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("request_id", requestId);
        json.WriteEndObject();
    }
}
