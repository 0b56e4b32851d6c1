using System.Globalization;
using System.Text;
using Gateway.Tests.Replay;

namespace Gateway.Tests.Metering;

/// <summary>Requests and answers of chat completions, as short as a test wants them, in LiteLLM's wire form.</summary>
internal static class Answers
{
    public const string Done = "data: [DONE]\n\n";
    public const string PlainCall = """{"model":"chat","messages":[{"role":"user","content":"hi"}]}""";
    public const string StreamCall = """{"model":"chat","messages":[{"role":"user","content":"hi"}],"stream":true}""";
    public const string StreamCallWithUsage =
        """{"model":"chat","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}""";

    /// <summary>prompt 20, completion 10.</summary>
    public const string Usage =
        """{"completion_tokens":10,"prompt_tokens":20,"total_tokens":30,"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":0}}""";

    /// <summary>20 x 2e-6 + 10 x 1.1e-5 USD, in nano-dollars.</summary>
    public const long UsageNanoUsd = 150_000;

    public static string Chunk(string content) => Frame("[{\"index\":0,\"delta\":{\"content\":\"" + content + "\"}}]");

    public static string FinishChunk => Frame("""[{"finish_reason":"stop","index":0,"delta":{}}]""");

    public static string UsageChunk(string choices = "[]", string usage = Usage) => Frame(choices, $",\"usage\":{usage}");

    public static string ErrorFrame(string message, string code = "500", string type = "internal_server_error") =>
        "data: {\"error\": {\"message\": \""
        + message
        + "\", \"type\": \""
        + type
        + "\", \"param\": null, \"code\": \""
        + code
        + "\"}}\n\n";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A stream whose every text is one HTTP chunk.</summary>
    public static ReplayAnswer Stream(params IEnumerable<string> frames) => ReplayAnswer.Stream(frames.Select(Utf8));

    public static byte[] PlainBody(string usage = Usage, string content = "Hello", string more = "") =>
        Utf8(
            $$$"""{"id":"chatcmpl-plain","created":1700000000,"model":"chat","object":"chat.completion","choices":[{"finish_reason":"stop","index":0,"message":{"content":"{{{content}}}","role":"assistant"}}],"usage":{{{usage}}}{{{more}}}}"""
        );

    public static long Estimate(string text) => (Encoding.UTF8.GetByteCount(text) + 3) / 4;

    public static KeyValuePair<string, string> CostHeader(decimal usd) =>
        KeyValuePair.Create("x-litellm-response-cost", usd.ToString(CultureInfo.InvariantCulture));

    private static string Frame(string choices, string more = "") =>
        $$"""data: {"id":"chatcmpl-stream","created":1700000000,"model":"chat","object":"chat.completion.chunk","choices":{{choices}}{{more}}}"""
        + "\n\n";
}
