using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Apis.Images;

/// <summary>
/// OpenAI's images: made from a text, or from pictures of a form. Charged by the piece, by size and quality, or by the token.
/// </summary>
/// <param name="name">The name of its route; a metric's label.</param>
/// <param name="path">The path below <c>/v1</c>.</param>
/// <param name="callType">LiteLLM's word for a call of it.</param>
/// <param name="summary">What it does.</param>
/// <param name="takesForm">Whether pictures come in, as files of a form.</param>
internal sealed class ImagesApi(string name, string path, string callType, string summary, bool takesForm = false)
    : CallApi(name, path, callType, "image_generation"),
        IBodyForm
{
    public override string Summary => summary;

    public override string Example => """{"model":"dall-e-3","prompt":"a cat"}""";

    public override AnswerForm Answers { get; } = new ImagesAnswer();

    public MemberTable<BodyMember> Members { get; } = BodyMembers.Table(ImagesBody.Members);

    public string MaximumName => "max_tokens";

    public bool TakesMaximum => false;

    public bool TakesForm { get; } = takesForm;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched) =>
        ImagesBody.Read(ref reader, ref content, name);

    public Refusal? ReadFile(string name, ReadOnlySpan<byte> bytes, ref ContentSummary content) => ImagesBody.ReadFile(name, ref content);

    public Refusal? Finish(ref ContentSummary content, long choices, bool stream)
    {
        ImagesBody.Finish(ref content, choices);
        return null;
    }

    public PolicyModel Priced(PolicyModel model, in ContentSummary content) =>
        SizedPrices.DearestOf(model, content.ImageSize, content.ImageQuality);
}
