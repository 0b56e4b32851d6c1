using System.Text.Json;
using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Bodies;

/// <summary>What the body of an API may hold, and how that bounds what a call can use.</summary>
internal interface IBodyForm
{
    /// <summary>What its members mean. One that is missing has no bound.</summary>
    MemberTable<BodyMember> Members { get; }

    /// <summary>The member that is its own maximum of an answer (<see cref="BodyMember.MaxTokens"/>).</summary>
    string MaximumName { get; }

    /// <summary>Whether <c>max_completion_tokens</c> is its own maximum too, and goes before.</summary>
    bool TakesNewerMaximum => false;

    /// <summary>Whether calls are answered with tokens.</summary>
    bool HasAnswerTokens => true;

    /// <summary>Whether a call can set a maximum of its answer; else the API's own bound holds, or the model's.</summary>
    bool TakesMaximum => true;

    /// <summary>Whether each input is one of its own, and may be an image, a sound or a video where others take text.</summary>
    bool InputsMayBeMedia => false;

    /// <summary>Whether a stream tells its usage only when <c>stream_options.include_usage</c> asks for it.</summary>
    bool HidesUsageOfStreams => false;

    /// <summary>
    /// Whether the API limits the rounds of tools that run at the provider (<see cref="BodyMember.MaxToolCalls"/>), and its maximum covers
    /// the answers of all rounds.
    /// </summary>
    bool LimitsRounds => false;

    /// <summary>The model of a call that names none; null: it has to name one.</summary>
    string? DefaultModel => null;

    /// <summary>Completes what was read when the whole body was: what several members decide together.</summary>
    /// <param name="content">What was read.</param>
    /// <param name="choices">How many answers are asked for.</param>
    /// <param name="stream">Whether a stream is.</param>
    /// <returns>Why no call may have it; null when it may.</returns>
    Refusal? Finish(ref ContentSummary content, long choices, bool stream) => null;

    /// <summary>Why a call to that model may not be made on a budget; null when it may.</summary>
    Refusal? RefuseOnBudget(in ContentSummary content, PolicyModel model) => null;

    /// <summary>The model at the prices that the call can have, where they depend on what is asked for.</summary>
    PolicyModel Priced(PolicyModel model, in ContentSummary content) => model;

    /// <summary>Whether its body is a form with files.</summary>
    bool TakesForm => false;

    /// <summary>Reads a file of a form.</summary>
    /// <returns>Why no call may have it; null when it may.</returns>
    Refusal? ReadFile(string name, ReadOnlySpan<byte> bytes, ref ContentSummary content) =>
        Refusals.InvalidForm($"'{name}' is no file here");

    /// <summary>Reads the value of its content, its tools, or a member of its own: what they bring along that costs tokens.</summary>
    /// <param name="reader">Stands at the member's name.</param>
    /// <param name="content">Where it is counted.</param>
    /// <param name="member"><see cref="BodyMember.Content"/>, <see cref="BodyMember.Tools"/> or <see cref="BodyMember.Own"/>.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="vouched">Members that the operator says cannot raise the cost.</param>
    /// <returns>Why no call may have it; null when it may.</returns>
    Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched);
}
