using System.Text;

namespace Gateway.Benchmarks.Load.Servers;

/// <summary>
/// What the upstream answers, encoded once: a chat completion of some 600 bytes, and one of 200 chunks as models send them.
/// </summary>
internal static class UpstreamAnswers
{
    public const string Model = "gpt-4o-mini";

    /// <summary>Chunks of a stream, the usage chunk included, <c>[DONE]</c> not.</summary>
    public const int Chunks = 200;

    public static readonly byte[] Plain = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-C9fKq2m0Yw1nV7sT4bXhJ3rLpE8dA","created":1763726400,"model":"gpt-4o-mini-2024-07-18","object":"chat.completion","system_fingerprint":"fp_560af6e559","choices":[{"finish_reason":"stop","index":0,"message":{"content":"A reverse proxy takes requests for one or more servers behind it, passes each one on, and sends the answer back as if it were its own.","role":"assistant"}}],"usage":{"completion_tokens":31,"prompt_tokens":182,"total_tokens":213,"completion_tokens_details":{"audio_tokens":0,"reasoning_tokens":0},"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":0}},"service_tier":"default"}"""
    );

    /// <summary>The events of a stream, each to be sent by itself.</summary>
    public static readonly byte[][] Stream =
    [
        .. Enumerable.Repeat(Chunk("""[{"index":0,"delta":{"content":" proxy"}}]}"""), Chunks - 2),
        Chunk("""[{"finish_reason":"stop","index":0,"delta":{}}]}"""),
        Chunk("""[],"usage":{"completion_tokens":198,"prompt_tokens":182,"total_tokens":380}}"""),
        Event("[DONE]"),
    ];

    /// <summary>LiteLLM's list of models: what the gateway reads its catalogue and prices from.</summary>
    public static readonly byte[] ModelInfo = Encoding.UTF8.GetBytes(
        """{"data":[{"model_name":"gpt-4o-mini","litellm_params":{"model":"openai/gpt-4o-mini"},"model_info":{"id":"4f1c","mode":"chat","litellm_provider":"openai","max_tokens":16384,"max_input_tokens":128000,"max_output_tokens":16384,"input_cost_per_token":1.5e-07,"output_cost_per_token":6e-07}}]}"""
    );

    private static byte[] Chunk(string choices) =>
        Event(
            """{"id":"chatcmpl-C9fKq2m0Yw1nV7sT4bXhJ3rLpE8dA","created":1763726400,"model":"gpt-4o-mini","object":"chat.completion.chunk","system_fingerprint":"fp_560af6e559","choices":"""
                + choices
        );

    private static byte[] Event(string data) => Encoding.UTF8.GetBytes($"data: {data}\n\n");
}
