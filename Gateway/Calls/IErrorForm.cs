namespace Gateway.Calls;

/// <summary>How errors look at an API. Stands in the metadata of endpoints that have another form than OpenAI's.</summary>
internal interface IErrorForm
{
    /// <summary>The JSON of an error.</summary>
    /// <param name="status">The HTTP status that it goes or would go with.</param>
    /// <param name="error">The error.</param>
    /// <param name="requestId">The call's id; null where there is none to tell.</param>
    /// <param name="isOurs">Whether it is the gateway's own.</param>
    /// <param name="details">Whose limit said no; null when none did.</param>
    ReadOnlyMemory<byte> Serialize(int status, OpenAiError error, string? requestId, bool isOurs = true, LimitDetails? details = null);

    /// <summary>The form for a request, where it depends on that.</summary>
    IErrorForm For(HttpRequest request) => this;
}
