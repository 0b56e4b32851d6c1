using System.Text;
using Gateway.Benchmarks.Load.Servers;

namespace Gateway.Benchmarks.Load.Client;

/// <summary>The bytes of a typical chat call: four messages, some 900 bytes of JSON, the headers that OpenAI's SDKs send.</summary>
internal static class CallBytes
{
    private const string StreamMembers = "\"stream\":true,\"stream_options\":{\"include_usage\":true},";

    public static byte[] Body(bool stream) =>
        Encoding.UTF8.GetBytes(
            $$"""{"model":"{{UpstreamAnswers.Model}}","messages":[{"role":"system","content":"You are a helpful assistant who answers questions about networks, briefly and in plain words, for readers who know how to program but have never run a server of their own."},{"role":"user","content":"What is a load balancer?"},{"role":"assistant","content":"A load balancer stands in front of several servers that do the same work and hands each request to one of them, so that none has too much to do and one that fails is not asked again."},{"role":"user","content":"And what is a reverse proxy? Please say it in one sentence, and tell me how it differs from a load balancer, because people around me use both words for the same thing and I would like to know whether they are right to do so."}],"temperature":0.7,"top_p":0.95,"max_tokens":256,{{(stream ? StreamMembers : "")}}"user":"user-7281"}"""
        );

    public static byte[] Call(string apiKey, bool stream)
    {
        var body = Body(stream);
        var head = $"""
            POST /v1/chat/completions HTTP/1.1
            Host: localhost
            Authorization: Bearer {apiKey}
            Content-Type: application/json
            Accept: {(stream ? "text/event-stream" : "application/json")}
            User-Agent: OpenAI/Python 1.109.1
            X-Stainless-Lang: python
            X-Stainless-Package-Version: 1.109.1
            X-Stainless-Retry-Count: 0
            Content-Length: {body.Length}


            """.ReplaceLineEndings("\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
