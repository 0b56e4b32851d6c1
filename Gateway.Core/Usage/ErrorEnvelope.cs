using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Core.Usage;

/// <summary>
/// Reads the error forms of providers and gateways: OpenAI's, and those with the same things under other names, at the root, in lists, or
/// as JSON within a text. The names are data; the recorded forms stand in <c>Gateway.Tests/Recordings/field/errors.json</c>. Never throws.
/// </summary>
public static class ErrorEnvelope
{
    private const int DeepestNesting = 6;
    private const int MostListed = 5;

    // What holds the error: OpenAI, Anthropic, Google and most others; Cloudflare and watsonx; FastAPI and Mistral; MiniMax; Bedrock.
    private static readonly string[] Holders = ["error", "errors", "Error", "detail", "base_resp", "Output"];

    // The sentence: OpenAI and most others; AWS; Zhipu and Baidu; MiniMax; FastAPI; OAuth; RFC 9457.
    private static readonly string[] MessageNames =
    [
        "message",
        "Message",
        "msg",
        "error_message",
        "errorMessage",
        "error_msg",
        "status_msg",
        "detail",
        "error_description",
        "description",
        "title",
    ];

    // Hugging Face; AWS; Google's status is a word.
    private static readonly string[] TypeNames = ["type", "error_type", "__type", "status"];

    // Baidu and Databricks; Yandex and gRPC's gateway; MiniMax.
    private static readonly string[] CodeNames = ["code", "error_code", "errorCode", "grpcCode", "grpc_code", "status_code"];

    private static readonly string[] ParamNames = ["param", "parameter", "field"];

    // RFC 9457 and Azure; LiteLLM; Azure's API Management; Yandex; Hugging Face.
    private static readonly string[] StatusNames =
    [
        "status",
        "status_code",
        "statusCode",
        "httpCode",
        "http_code",
        "http_status_code",
        "code",
    ];

    // Codes that make a body without any part of an answer an error. A word for a state ("status":"queued") does not.
    private static readonly string[] BareCodeNames = ["code", "error_code", "errorCode", "status_code", "statusCode"];

    private static readonly string[] Successes = ["200", "20000", "success", "ok"];

    /// <summary>Reads the JSON of an error answer, or of an <c>error</c> member. Null when it is no JSON, or says nothing.</summary>
    public static UpstreamError? Read(ReadOnlySpan<byte> json) =>
        UpstreamJson.TryParse(json, out var root) && Read(root, 0) is { IsEmpty: false } error ? error : null;

    /// <summary>Whether JSON that holds no part of an answer is an error though it has no <c>error</c> member.</summary>
    public static bool IsBareError(ReadOnlySpan<byte> json)
    {
        if (!UpstreamJson.TryParse(json, out var root))
        {
            return false;
        }
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.GetArrayLength() > 0 && Says(Child(root[0], "error"));
        }
        return Text(root, "object") == "error"
            || Text(root, "type") == "error"
            || Says(Child(Child(root, "base_resp"), "status_code"))
            || Says(Child(Child(root, "Output"), "__type"))
            || Says(Child(root, "detail"))
            || Says(Child(root, "errors"))
            || (First(root, MessageNames) is not null && Array.Exists(BareCodeNames, name => TellsFailure(Child(root, name))));
    }

    private static UpstreamError? Read(JsonElement value, int depth) =>
        depth > DeepestNesting
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.String => ReadText(value.GetString()!, depth),
                JsonValueKind.Array => ReadList(value, depth),
                JsonValueKind.Object => ReadObject(value, depth),
                _ => null,
            };

    // A text may be JSON again: of a provider behind a gateway.
    private static UpstreamError? ReadText(string text, int depth)
    {
        text = text.Trim();
        var isJson = text is ['{' or '[', ..];
        var inner = isJson && UpstreamJson.TryParse(Encoding.UTF8.GetBytes(text), out var root) ? Read(root, depth + 1) : null;
        return inner is { Message: not null } ? inner
            : Told(text) is { } told ? new(told, null, null, null, null)
            : null;
    }

    private static UpstreamError? ReadList(JsonElement list, int depth)
    {
        UpstreamError? all = null;
        foreach (var item in list.EnumerateArray().Take(MostListed))
        {
            if (Read(item, depth + 1) is not { } error)
            {
                continue;
            }
            all = all is null ? error : all.Or(error) with { Message = Joined(all.Message, error.Message) };
        }
        return all;
    }

    private static string? Joined(string? first, string? next) =>
        first is null || next is null || first == next ? first ?? next : $"{first}; {next}";

    private static UpstreamError ReadObject(JsonElement value, int depth)
    {
        var own = Own(value, depth);
        foreach (var name in Holders)
        {
            var child = Child(value, name);
            if (child.ValueKind is JsonValueKind.Object or JsonValueKind.Array && Read(child, depth + 1) is { IsEmpty: false } inner)
            {
                return (name == "base_resp" ? inner with { Type = name } : inner).Or(own);
            }
        }
        return own;
    }

    private static UpstreamError Own(JsonElement value, int depth)
    {
        if (Child(value, "loc").ValueKind == JsonValueKind.Array)
        {
            var sentence = First(value, MessageNames) ?? Read(Child(value, "msg"), depth + 1)?.Message;
            return new(sentence, null, Path(Child(value, "loc")), Text(value, "type"), null); // an item of FastAPI's list
        }
        var code = First(value, CodeNames);
        var own = new UpstreamError(
            First(value, MessageNames),
            TypeOf(value),
            First(value, ParamNames),
            Reason(value) is { } reason && (code is null || char.IsAsciiDigit(code[0])) ? reason : code,
            StatusOf(value)
        );
        var message = Child(value, "message");
        var said = message.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? Read(message, depth + 1) : null; // Mistral
        var raw =
            Read(Child(Child(value, "metadata"), "raw"), depth + 1) // OpenRouter: what the provider said
            ?? (own.Message is ['{' or '[', ..] quoted ? ReadText(quoted, depth) : null); // and those who quote its whole body
        var error = Child(value, "error");
        var text = own.Message is null && error.ValueKind == JsonValueKind.String ? Read(error, depth + 1) : null;
        return (raw is { } told ? told with { Status = own.Status ?? told.Status } : own).Or(own).Or(said ?? own).Or(text ?? own);
    }

    private static string? TypeOf(JsonElement value)
    {
        foreach (var name in TypeNames)
        {
            // A number, an address or a phrase is no type.
            if (Text(value, name) is { } type && type != "error" && !char.IsAsciiDigit(type[0]) && !type.AsSpan().ContainsAny(':', ' '))
            {
                return type[(type.LastIndexOf('#') + 1)..]; // AWS writes the name space before it
            }
        }
        return null;
    }

    // Google's ErrorInfo.
    private static string? Reason(JsonElement value) =>
        Child(value, "details") is { ValueKind: JsonValueKind.Array } details
            ? details.EnumerateArray().Select(detail => Text(detail, "reason")).FirstOrDefault(reason => reason is not null)
            : null;

    private static int? StatusOf(JsonElement value)
    {
        foreach (var name in StatusNames)
        {
            if (
                int.TryParse(Text(value, name), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                && status is >= 400 and < 600
            )
            {
                return status;
            }
        }
        return null;
    }

    // ["body","messages",0,"content"]
    private static string? Path(JsonElement location)
    {
        var steps = location.EnumerateArray().Select(step => step.ToString()).SkipWhile(step => step == "body").ToList();
        return steps.Count == 0 ? null : string.Join('.', steps);
    }

    private static string? First(JsonElement value, string[] names)
    {
        foreach (var name in names)
        {
            if (Text(value, name) is { } text)
            {
                return text;
            }
        }
        return null;
    }

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? Told(value.ToString()) : null;

    // LiteLLM 1.81 writes a missing value as the text "None".
    private static string? Told(string text) => string.IsNullOrWhiteSpace(text) || text == "None" ? null : text;

    private static bool Says(JsonElement value) =>
        value.ValueKind != JsonValueKind.Undefined && AnswerText.SaysSomething(Encoding.UTF8.GetBytes(value.GetRawText()));

    private static bool TellsFailure(JsonElement code) =>
        Says(code) && !Array.Exists(Successes, word => word.Equals(code.ToString(), StringComparison.OrdinalIgnoreCase));
}
