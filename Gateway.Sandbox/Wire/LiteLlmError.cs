namespace Gateway.Sandbox.Wire;

/// <summary>
/// An error in LiteLLM's envelope: <c>{"error":{"message","type","param","code"}}</c>, where the code is the status as text.
/// </summary>
/// <param name="Status">The HTTP status, and the <c>code</c>.</param>
/// <param name="Message">The text.</param>
/// <param name="Type">The <c>type</c>.</param>
/// <param name="Param">The <c>param</c>.</param>
/// <param name="ProviderText">When set, repeated as <c>provider_specific_fields.error</c>.</param>
internal readonly record struct LiteLlmError(int Status, string Message, string? Type, string? Param, string? ProviderText = null)
{
    /// <summary>When set, the error is written in Anthropic's form, with this type.</summary>
    public string? AnthropicType { get; init; }

    public async Task WriteAsync(HttpContext http)
    {
        using var json = new Utf8Builder();
        if (AnthropicType is not null)
        {
            json.Raw("{\"type\":\"error\",\"error\":{\"type\":"u8).String(AnthropicType).Raw(",\"message\":"u8).String(Message);
            await Answer.WriteAsync(http, Status, json.Raw("}}"u8).Memory);
            return;
        }
        json.Raw("{\"error\":{\"message\":"u8)
            .String(Message)
            .Raw(",\"type\":"u8)
            .String(Type)
            .Raw(",\"param\":"u8)
            .String(Param)
            .Raw(",\"code\":\""u8)
            .Int(Status)
            .Raw("\""u8);
        if (ProviderText is not null)
        {
            json.Raw(",\"provider_specific_fields\":{\"error\":"u8).String(ProviderText).Raw("}"u8);
        }
        await Answer.WriteAsync(http, Status, json.Raw("}}"u8).Memory);
    }

    /// <summary>The error as an event of a stream: Python's own JSON, with blanks.</summary>
    public void AppendFrame(Utf8Builder frame)
    {
        frame
            .Raw("data: {\"error\": {\"message\": "u8)
            .String(Message)
            .Raw(", \"type\": "u8)
            .String(Type)
            .Raw(", \"param\": "u8)
            .String(Param)
            .Raw(", \"code\": \""u8)
            .Int(Status)
            .Raw("\"}}\n\n"u8);
    }
}
