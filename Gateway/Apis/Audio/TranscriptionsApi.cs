using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Audio;

/// <summary>OpenAI's transcriptions and translations: a file of sound in, its text out. Charged by the second or by the token.</summary>
internal sealed class TranscriptionsApi(string name, string path, string callType, string summary)
    : CallApi(name, path, callType, "transcription"),
        IBodyForm
{
    // 4 kbit/s: less than any codec of speech makes of sound that can be understood.
    private const int LeastBytesPerSecond = 500;

    public override string Summary => summary;

    public override string Example => """{"model":"whisper-1"}""";

    public override AnswerForm Answers { get; } = new TranscriptAnswer();

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            ("model", BodyMember.Model),
            ("metadata", BodyMember.Metadata),
            ("litellm_metadata", BodyMember.Metadata),
            ("stream", BodyMember.Stream),
            ("language", BodyMember.Harmless),
            ("prompt", BodyMember.Harmless), // text of the body
            ("response_format", BodyMember.Harmless),
            ("timestamp_granularities", BodyMember.Harmless),
            ("include", BodyMember.Harmless),
            ("chunking_strategy", BodyMember.Harmless), // cuts the same sound into pieces
            ("known_speaker_names", BodyMember.Harmless),
        ]);

    public string MaximumName => "max_tokens";

    public bool TakesMaximum => false;

    public bool TakesForm => true;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        reader.Skip();
        return null;
    }

    public Refusal? ReadFile(string name, ReadOnlySpan<byte> bytes, ref ContentSummary content)
    {
        if (name != "file")
        {
            return Refusals.InvalidForm($"'{ContentSummary.Cut(name)}' is no file here; send the sound as 'file'");
        }
        if (content.InlineAudio > 0)
        {
            return Refusals.DuplicateMember(name);
        }
        content.InlineAudio++;
        content.NameUnbounded(name);
        content.AudioMilliseconds = AudioLength.Told(bytes);
        content.Items = content.Items with { InputMilliseconds = AudioLength.Most(bytes, LeastBytesPerSecond) };
        return null;
    }

    public Refusal? Finish(ref ContentSummary content, long choices, bool stream) =>
        content.InlineAudio == 0 ? Refusals.InvalidMember("file", "a file of sound") : null;
}
