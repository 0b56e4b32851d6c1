using System.Buffers;
using System.Text.Json;

namespace Gateway.Sandbox.Inference;

/// <summary>
/// Reads a body in one pass. Members it does not know are stepped over, values of a wrong type ignored, as LiteLLM passes both on.
/// </summary>
internal static class InferenceRequestReader
{
    private const int TokensPerMessage = 4;
    private const int BytesPerToken = 4;
    private const int MostTokensPerPart = 85;

    /// <exception cref="JsonException">The body is no JSON.</exception>
    /// <exception cref="InvalidDataException">The body is JSON, but no object.</exception>
    public static InferenceRequest Read(ReadOnlySpan<byte> body, InferenceApi api)
    {
        var request = new InferenceRequest();
        if (body.IsEmpty)
        {
            return request;
        }
        var json = new Utf8JsonReader(body);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            throw new InvalidDataException();
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref json, body, request, api);
        }
        if (json.Read())
        {
            throw new JsonException("trailing data", null, 0, json.TokenStartIndex);
        }
        return request;
    }

    private static void ReadMember(ref Utf8JsonReader json, ReadOnlySpan<byte> body, InferenceRequest request, InferenceApi api)
    {
        if (json.ValueTextEquals("model"u8))
        {
            json.Read();
            request.Model = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            request.ModelIsNoText = json.TokenType is not (JsonTokenType.String or JsonTokenType.Null);
            json.Skip();
        }
        else if (json.ValueTextEquals("messages"u8) && (api == InferenceApi.Chat || api.IsAnthropics()))
        {
            ReadMessages(ref json, request);
        }
        else if (
            (json.ValueTextEquals("prompt"u8) && api is InferenceApi.Completions or InferenceApi.Images)
            || (json.ValueTextEquals("input"u8) && api is InferenceApi.Embeddings or InferenceApi.Moderations)
            || (json.ValueTextEquals("documents"u8) && api == InferenceApi.Rerank)
        )
        {
            ReadInputs(ref json, body, request);
        }
        else if ((json.ValueTextEquals("system"u8) && api.IsAnthropics()) || (json.ValueTextEquals("instructions"u8) && api.TakesItems()))
        {
            request.PromptTokens += ReadRaw(ref json);
        }
        else if (json.ValueTextEquals("input"u8) && api.TakesItems())
        {
            ReadItems(ref json, request);
        }
        else if (json.ValueTextEquals("background"u8) && api == InferenceApi.Responses)
        {
            request.Background = ReadTrue(ref json);
        }
        else if (json.ValueTextEquals("max_output_tokens"u8) && api == InferenceApi.Responses)
        {
            request.MaxTokens = ReadPositive(ref json);
        }
        else if (json.ValueTextEquals("input"u8) && api == InferenceApi.Speech)
        {
            json.Read();
            request.HasInput = json.TokenType == JsonTokenType.String;
            request.Characters = request.HasInput ? json.GetString()!.EnumerateRunes().Count() : 0;
            request.PromptTokens = Tokens(request.Characters);
            json.Skip();
        }
        else if (json.ValueTextEquals("stream_format"u8) && api == InferenceApi.Speech)
        {
            json.Read();
            request.Stream = json.TokenType == JsonTokenType.String && json.ValueTextEquals("sse"u8);
            json.Skip();
        }
        else if (json.ValueTextEquals("size"u8) && api == InferenceApi.Images)
        {
            json.Read();
            request.ImageSize = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            json.Skip();
        }
        else if (json.ValueTextEquals("stream"u8))
        {
            request.Stream = ReadTrue(ref json);
        }
        else if (json.ValueTextEquals("stream_options"u8))
        {
            ReadStreamOptions(ref json, request);
        }
        else if (json.ValueTextEquals("max_tokens"u8))
        {
            request.MaxTokens = ReadPositive(ref json);
        }
        else if (json.ValueTextEquals("max_completion_tokens"u8))
        {
            request.MaxCompletionTokens = ReadPositive(ref json);
        }
        else if (json.ValueTextEquals("n"u8))
        {
            request.N = ReadPositive(ref json) ?? 1;
        }
        else if (json.ValueTextEquals("tools"u8))
        {
            ReadTools(ref json, request);
        }
        else if (json.ValueTextEquals("tool_choice"u8))
        {
            json.Read();
            ReadToolChoice(ref json, request);
        }
        else if (json.ValueTextEquals("response_format"u8) && api == InferenceApi.Chat)
        {
            json.Read();
            var format = JsonElement.ParseValue(ref json);
            ReadFormat(format, request, Member(format, "json_schema"));
        }
        else if (json.ValueTextEquals("text"u8) && api == InferenceApi.Responses)
        {
            json.Read();
            if (Member(JsonElement.ParseValue(ref json), "format") is { } format)
            {
                ReadFormat(format, request, format);
            }
        }
        else if (json.ValueTextEquals("encoding_format"u8))
        {
            json.Read();
            request.Base64 = json.TokenType == JsonTokenType.String && json.ValueTextEquals("base64"u8);
            json.Skip();
        }
        else if (json.ValueTextEquals("dimensions"u8))
        {
            request.Dimensions = ReadPositive(ref json);
        }
        else
        {
            json.Skip();
        }
    }

    private static void ReadMessages(ref Utf8JsonReader json, InferenceRequest request)
    {
        json.Read();
        request.HasInput = json.TokenType != JsonTokenType.Null;
        request.MessagesAreAList = json.TokenType is JsonTokenType.StartArray or JsonTokenType.Null;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            request.EndsWithToolResult = false;
            request.PromptTokens += json.TokenType == JsonTokenType.StartObject ? ReadMessage(ref json, request) : 0;
            json.Skip();
        }
    }

    // 4 for the message, its text by bytes, other parts and members (tool calls) by their raw bytes.
    private static int ReadMessage(ref Utf8JsonReader json, InferenceRequest request)
    {
        var tokens = TokensPerMessage;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = json.ValueTextEquals("content"u8);
            var isRole = json.ValueTextEquals("role"u8);
            json.Read();
            request.EndsWithToolResult |=
                isRole && json.TokenType == JsonTokenType.String && (json.ValueTextEquals("tool"u8) || json.ValueTextEquals("function"u8));
            var start = json.TokenStartIndex;
            if (isContent && json.TokenType == JsonTokenType.String)
            {
                tokens += Tokens(TextBytes(ref json));
            }
            else if (isContent && json.TokenType == JsonTokenType.StartArray)
            {
                tokens += ReadParts(ref json, request);
            }
            else if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                json.Skip();
                tokens += Tokens(json.BytesConsumed - start);
            }
        }
        return tokens;
    }

    // A text, or items, each with the 4 of a message.
    private static void ReadItems(ref Utf8JsonReader json, InferenceRequest request)
    {
        json.Read();
        request.HasInput = json.TokenType != JsonTokenType.Null;
        var start = json.TokenStartIndex;
        var input = JsonElement.ParseValue(ref json);
        if (input.ValueKind != JsonValueKind.Array)
        {
            request.PromptTokens += TokensPerMessage + Tokens(json.BytesConsumed - start);
            return;
        }
        foreach (var item in input.EnumerateArray())
        {
            request.PromptTokens += TokensPerMessage + Tokens(System.Text.Encoding.UTF8.GetByteCount(item.GetRawText()));
            request.EndsWithToolResult =
                Member(item, "type") is { ValueKind: JsonValueKind.String } type && IsToolResult(type.GetString()!);
        }
    }

    private static bool IsToolResult(string type) => type.EndsWith("_call_output", StringComparison.Ordinal) || type == "tool_result";

    private static int ReadRaw(ref Utf8JsonReader json)
    {
        json.Read();
        var start = json.TokenStartIndex;
        json.Skip();
        return Tokens(json.BytesConsumed - start);
    }

    private static int ReadParts(ref Utf8JsonReader json, InferenceRequest request)
    {
        var tokens = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }
            var start = json.TokenStartIndex;
            var text = -1L;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isText = json.ValueTextEquals("text"u8);
                var isType = json.ValueTextEquals("type"u8);
                json.Read();
                request.EndsWithToolResult |= isType && json.TokenType == JsonTokenType.String && json.ValueTextEquals("tool_result"u8);
                text = isText && json.TokenType == JsonTokenType.String ? TextBytes(ref json) : text;
                json.Skip();
            }
            tokens += text >= 0 ? Tokens(text) : Math.Min(MostTokensPerPart, Tokens(json.BytesConsumed - start));
        }
        return tokens;
    }

    // One text, a list of texts, a list of token ids, or a list of such lists.
    private static void ReadInputs(ref Utf8JsonReader json, ReadOnlySpan<byte> body, InferenceRequest request)
    {
        json.Read();
        request.HasInput = json.TokenType != JsonTokenType.Null;
        request.InputSeeds.Clear();
        request.PromptTokens = 0;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            AddInput(ref json, body, request);
            request.Inputs = 1;
            return;
        }
        var start = json.TokenStartIndex;
        var ids = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.Number)
            {
                ids++;
            }
            else
            {
                AddInput(ref json, body, request);
            }
        }
        if (ids > 0)
        {
            request.PromptTokens += ids;
            request.InputSeeds.Add(Seed(body[(int)start..(int)json.BytesConsumed]));
        }
        request.Inputs = Math.Max(1, request.InputSeeds.Count);
    }

    private static void AddInput(ref Utf8JsonReader json, ReadOnlySpan<byte> body, InferenceRequest request)
    {
        var start = (int)json.TokenStartIndex;
        var ids = 0;
        if (json.TokenType == JsonTokenType.String)
        {
            request.PromptTokens += Tokens(TextBytes(ref json));
        }
        else if (json.TokenType == JsonTokenType.StartArray)
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                ids++;
                json.Skip();
            }
        }
        json.Skip();
        request.PromptTokens += ids;
        request.InputSeeds.Add(Seed(body[start..(int)json.BytesConsumed]));
    }

    private static void ReadStreamOptions(ref Utf8JsonReader json, InferenceRequest request)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("include_usage"u8))
            {
                request.IncludeUsage = ReadTrue(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static void ReadTools(ref Utf8JsonReader json, InferenceRequest request)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }
        var start = json.TokenStartIndex;
        var tools = JsonElement.ParseValue(ref json);
        request.HasTools = tools.GetArrayLength() > 0;
        request.PromptTokens += Tokens(json.BytesConsumed - start);
        foreach (var tool in tools.EnumerateArray())
        {
            // OpenAI's chat, Anthropic's messages, OpenAI's responses.
            var function = Member(tool, "function") ?? tool;
            var parameters = Member(function, "parameters") ?? Member(function, "input_schema");
            if (
                Member(function, "name") is { ValueKind: JsonValueKind.String } name
                && (parameters is not null || Member(tool, "function") is not null)
            )
            {
                request.Tools.Add(new OfferedTool(name.GetString()!, parameters ?? default));
            }
        }
    }

    private static void ReadToolChoice(ref Utf8JsonReader json, InferenceRequest request)
    {
        var choice = JsonElement.ParseValue(ref json);
        request.ToolsAreOff = (choice.ValueKind == JsonValueKind.String && choice.ValueEquals("none"u8)) || TypeOf(choice) is "none";
        request.ToolRequired =
            (choice.ValueKind == JsonValueKind.Object && TypeOf(choice) is not ("auto" or "none"))
            || (choice.ValueKind == JsonValueKind.String && choice.ValueEquals("required"u8));
        request.NamedTool =
            (Member(choice, "function") ?? choice) is var function && Member(function, "name") is { ValueKind: JsonValueKind.String } name
                ? name.GetString()
                : null;
    }

    // The schema stands in an object of its own in chats, beside the type in responses.
    private static void ReadFormat(JsonElement format, InferenceRequest request, JsonElement? named)
    {
        var type = TypeOf(format);
        request.AsksForJson = type == "json_object";
        request.Schema = type == "json_schema" && named is { } holder ? Member(holder, "schema") : null;
    }

    private static string? TypeOf(JsonElement choice) =>
        Member(choice, "type") is { ValueKind: JsonValueKind.String } type ? type.GetString() : null;

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : null;

    private static bool ReadTrue(ref Utf8JsonReader json)
    {
        json.Read();
        var value = json.TokenType == JsonTokenType.True;
        json.Skip();
        return value;
    }

    private static int? ReadPositive(ref Utf8JsonReader json)
    {
        json.Read();
        var value = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) && number > 0 ? number : (int?)null;
        json.Skip();
        return value;
    }

    private static int Tokens(long bytes) => (int)((bytes + BytesPerToken - 1) / BytesPerToken);

    private static long TextBytes(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return json.ValueSpan.Length;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(json.ValueSpan.Length);
        var length = json.CopyString(buffer);
        ArrayPool<byte>.Shared.Return(buffer);
        return length;
    }

    // FNV-1a: the same on every machine, unlike HashCode.
    private static uint Seed(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 16777619u;
        }
        return hash;
    }
}
