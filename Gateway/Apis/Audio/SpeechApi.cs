using System.Buffers;
using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;

namespace Gateway.Apis.Audio;

/// <summary>OpenAI's speech: a text in, sound out. Charged by the character, or by the token where events tell them.</summary>
internal sealed class SpeechApi() : CallApi("audio_speech", "/audio/speech", "aspeech", "text_to_speech"), IBodyForm
{
    private const string Form = "stream_format";

    public override string Summary => "Speak a text";

    public override string Example => """{"model":"tts-1","input":"Hello","voice":"alloy"}""";

    public override AnswerForm Answers { get; } = new SpeechAnswer();

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            ("model", BodyMember.Model),
            ("input", BodyMember.Content),
            ("instructions", BodyMember.Harmless), // text of the body
            ("voice", BodyMember.Harmless),
            ("response_format", BodyMember.Harmless),
            ("speed", BodyMember.Harmless), // the same characters, faster or slower
            (Form, BodyMember.Own),
            ("metadata", BodyMember.Metadata),
            ("litellm_metadata", BodyMember.Metadata),
        ]);

    public string MaximumName => "max_tokens";

    public bool TakesMaximum => false;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        if (reader.TokenType != JsonTokenType.String)
        {
            return Refusals.InvalidMember(name, "a text");
        }
        if (member == BodyMember.Own)
        {
            content.AsksForEvents = reader.ValueTextEquals("sse"u8);
            return null;
        }
        if (content.Items.InputCharacters > 0)
        {
            return Refusals.DuplicateMember(name);
        }
        content.Items = content.Items with { InputCharacters = CharactersOf(reader) };
        return null;
    }

    public Refusal? Finish(ref ContentSummary content, long choices, bool stream) =>
        content.Items.InputCharacters == 0 ? Refusals.InvalidMember("input", "a text to speak") : null;

    // Sound alone tells of no tokens.
    public Refusal? RefuseOnBudget(in ContentSummary content, PolicyModel model) =>
        content.AsksForEvents || model.Prices.DearestRate(PricedItem.InputCharacter) is not null
            ? null
            : Refusals.SpeechWithoutUsage(model.Name);

    // Unicode's characters: bytes that begin one.
    private static long CharactersOf(in Utf8JsonReader text)
    {
        if (!text.ValueIsEscaped)
        {
            return CharactersOf(text.ValueSpan);
        }
        var buffer = ArrayPool<byte>.Shared.Rent(text.ValueSpan.Length);
        try
        {
            return CharactersOf(buffer.AsSpan(0, text.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long CharactersOf(ReadOnlySpan<byte> utf8)
    {
        var characters = 0L;
        foreach (var b in utf8)
        {
            characters += (b & 0xC0) != 0x80 ? 1 : 0;
        }
        return characters;
    }
}
