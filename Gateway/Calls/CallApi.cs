namespace Gateway.Calls;

/// <summary>
/// An API of <c>/v1</c> that is forwarded and metered, as all rooms know it. What its body may hold, how its answers are read and what its
/// errors look like stands in its own folder of <c>Gateway/Apis</c>; the table there lists all of them.
/// </summary>
/// <param name="name">The name of its route with <c>/v1</c>; a metric's label.</param>
/// <param name="path">The path below <c>/v1</c>.</param>
/// <param name="callType">LiteLLM's word for a call of it, as ledger entries show it.</param>
/// <param name="operationName">OpenTelemetry's word for it, <c>gen_ai.operation.name</c>.</param>
internal abstract class CallApi(string name, string path, string callType, string operationName)
{
    // The names of models may hold slashes, and clients do not escape them.
    private static readonly string[] ModelSegments = ["{model}", "{group}/{model}", "{vendor}/{group}/{model}"];

    /// <summary>The name of its route with <c>/v1</c>; a metric's label.</summary>
    public string Name { get; } = name;

    /// <summary>The path below <c>/v1</c>; served with and without that prefix, as LiteLLM does, and as Azure has it.</summary>
    public string Path { get; } = path;

    /// <summary>LiteLLM's word for a call of it, as ledger entries show it.</summary>
    public string CallType { get; } = callType;

    /// <summary>OpenTelemetry's word for it, <c>gen_ai.operation.name</c>.</summary>
    public string OperationName { get; } = operationName;

    /// <summary>What a call of it does, for the document.</summary>
    public abstract string Summary { get; }

    /// <summary>A body that the sandbox's models answer as it stands, for the document.</summary>
    public abstract string Example { get; }

    /// <summary>How its refusals and errors are written.</summary>
    public virtual IErrorForm Errors => OpenAiErrors.Form;

    /// <summary>Whether it speaks Anthropic's words: headers of limits and of the request's id, beside errors.</summary>
    public virtual bool SpeaksAnthropic => false;

    /// <summary>Whether calls cost nothing; they count as requests all the same.</summary>
    public virtual bool IsFree => false;

    /// <summary>How its answers tell their usage, and how its streams end.</summary>
    public abstract AnswerForm Answers { get; }

    /// <summary>
    /// The names and paths of its routes: with <c>/v1</c>, without, and as Azure has them, <c>/openai/v1</c> and
    /// <c>/openai/deployments/{model}</c>.
    /// </summary>
    public virtual IEnumerable<(string Name, string Path)> Routes =>
        [
            (Name, "/v1" + Path),
            (Name + "_unprefixed", Path),
            (Name + "_azure", "/openai/v1" + Path),
            .. ModelSegments.Select((segments, index) => ($"{Name}_azure_deployment_{index + 1}", $"/openai/deployments/{segments}{Path}")),
        ];

    /// <summary>The model that the URL names; null: none, the body does.</summary>
    public static string? ModelOfPath(RouteValueDictionary route)
    {
        if (!route.TryGetValue("model", out var model))
        {
            return null;
        }
        var name = string.Join('/', new[] { route.GetValueOrDefault("vendor"), route.GetValueOrDefault("group"), model }.OfType<string>());
        return name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // the server leaves %2F alone when it decodes a path
    }
}
