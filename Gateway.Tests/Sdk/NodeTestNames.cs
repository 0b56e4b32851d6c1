namespace Gateway.Tests.Sdk;

/// <summary>
/// The Node tests there are, by file. Written down so that each is a result of its own in <c>dotnet test</c>, and so that one that is lost,
/// or never listed, is noticed.
/// </summary>
internal static class NodeTestNames
{
    private static readonly Dictionary<string, string[]> ByFile = new()
    {
        ["anthropic.test.mjs"] =
        [
            "a message is answered",
            "a message is answered with a bearer token",
            "a streamed message is put together by the SDK",
            "thinking is a block of its own, streamed too",
            "a tool is called and its result answered",
            "a streamed tool call is put together by the SDK",
            "tokens are counted",
            "models are listed page by page",
            "an unknown key is an AuthenticationError",
            "a model that the key may not use is a PermissionDeniedError",
            "an unknown model is a NotFoundError",
            "the upstream's 400 is a BadRequestError",
            "the upstream's 429 is a RateLimitError",
            "the upstream's 500 is an InternalServerError",
            "money that is used up is a RateLimitError that is not tried again",
            "an error within a stream is thrown",
            "abort ends the stream upstream",
            "a limit on calls in flight frees the place when the answer ends",
        ],
        ["chats.test.mjs"] =
        [
            "an EventSource reads an answer word by word and finds it stored",
            "an EventSource is told of a stream that breaks",
            "a reader that parses each network chunk by itself reads a slow answer",
            "a reader that parses each network chunk by itself reads an answer that comes at once",
            "a reader that parses each network chunk by itself is told of a stream that breaks",
        ],
        ["pieces.test.mjs"] =
        [
            "texts are judged without a model's name",
            "pictures are made",
            "a picture is streamed",
            "pictures are changed and varied",
            "sound is written down",
            "sound is written down as a stream",
            "sound is translated",
            "a text is spoken",
            "speech without money is a RateLimitError",
            "a response in the background is asked for until it ends",
        ],
        ["responses.test.mjs"] =
        [
            "a response is made",
            "a streamed response ends with the whole of it",
            "reasoning is an item of its own",
            "a function is called and its output answered",
            "an unknown key is an AuthenticationError",
            "the upstream's 429 is a RateLimitError",
            "the upstream's 500 is an InternalServerError",
            "money that is used up is a RateLimitError",
            "a failed stream shows its failure and breaks off",
            "abort ends the stream upstream",
        ],
        ["openai.test.mjs"] =
        [
            "chat is answered",
            "a plain answer says what it cost",
            "a stream is read to its end",
            "a stream without include_usage shows no usage",
            "a stream with include_usage ends with the usage",
            "a chunk is there while the upstream still speaks, and abort ends it upstream",
            "a tool call can be answered",
            "a streamed tool call is put together by the SDK",
            "a first parse gets an object of its schema",
            "a streamed parse gets the same object",
            "a schema that holds itself is answered",
            "JSON mode answers JSON",
            "a first agent ends after its tool's result",
            "a first agent ends after its tool's result, streamed",
            "a tool that is named is the one called, and none is none",
            "text completions are answered and streamed",
            "embeddings are answered",
            "models are listed",
            "a model is found by its name, also by one with a slash",
            "an unknown key is an AuthenticationError",
            "a model that the key may not use is a PermissionDeniedError",
            "an unknown model is a NotFoundError",
            "an unknown path is a NotFoundError",
            "a steering member is a BadRequestError",
            "the upstream's 400 is a BadRequestError with the provider's sentence",
            "the upstream's 422 is an UnprocessableEntityError",
            "the upstream's 429 is a RateLimitError and tells how long to wait",
            "the upstream's 500 is an InternalServerError",
            "a credential that the upstream refuses is an InternalServerError, not the caller's fault",
            "an error inside a stream is thrown",
            "a stream that breaks is thrown, not taken for the end",
            "a passing fault is tried again, a wrong request is not",
        ],
        ["limits.test.mjs"] =
        [
            "a call above the limit is tried again after the wait and passes",
            "a rate limit without retries is a RateLimitError that says how long to wait",
            "the first hello is answered under a limit below the model's longest answer",
            "money that is used up is not tried again",
            "the AI SDK tries a call above the limit again and passes",
        ],
        ["azure.test.mjs"] =
        [
            "chat is answered by the deployment of that name",
            "a client that is bound to a deployment streams",
            "embeddings are answered by the deployment of that name",
            "an unknown key of Azure's is an AuthenticationError",
        ],
        ["ai-sdk.test.mjs"] =
        [
            "text is generated with its usage",
            "text is streamed with its usage",
            "reasoning is told apart from text",
            "a tool is called and its result goes back",
            "a streamed tool call is put together by the SDK",
            "embeddings are answered",
            "a part is there while the upstream still speaks, and abort ends it upstream",
            "an unknown key is 401",
            "a model that the key may not use is 403",
            "an unknown model is 404 with our sentence",
            "the upstream's 400 is not retryable",
            "the upstream's 429 and 500 are retryable",
            "a passing fault is tried again",
            "an error inside a stream reaches the reader",
        ],
    };

    /// <summary>The files to run.</summary>
    public static IEnumerable<string> Files => ByFile.Keys;

    /// <summary>Every test as file and name.</summary>
    public static IEnumerable<(string File, string Name)> All => ByFile.SelectMany(file => file.Value.Select(name => (file.Key, name)));
}
