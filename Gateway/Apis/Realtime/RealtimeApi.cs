using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Realtime;

/// <summary>
/// OpenAI's realtime sessions: a WebSocket, and no body. Each response of a session is a call of its own; so is each transcription of what
/// was said to it.
/// </summary>
internal sealed class RealtimeApi() : CallApi("realtime", "/realtime", "arealtime", "realtime"), IBodyForm
{
    public override string Summary => "Speak with a model over a WebSocket";

    public override string Example => """{"model":"gpt-realtime"}""";

    public override AnswerForm Answers { get; } = new Chat.ChatAnswer();

    /// <summary>Without Azure's <c>/openai/deployments/{model}</c>: the query names the model.</summary>
    public override IEnumerable<(string Name, string Path)> Routes =>
        [(Name, "/v1" + Path), (Name + "_unprefixed", Path), (Name + "_azure", "/openai/v1" + Path)];

    public MemberTable<BodyMember> Members { get; } = BodyMembers.Table([]);

    public string MaximumName => "max_output_tokens";

    public bool TakesMaximum => false;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        reader.Skip();
        return null;
    }
}
