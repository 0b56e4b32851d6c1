using System.Collections.Concurrent;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;
using Gateway.Limits.Rates;

namespace Gateway.Limits.Bound;

/// <summary>
/// What calls of a model usually use: tokens for each byte of text, for each image, file or recording, and for each answer. Windows of
/// tokens take it until the real usage is known; money never does. A running figure for each model in memory, which begins with the
/// options. Thread-safe.
/// </summary>
internal sealed class TypicalUsage(BudgetOptions options)
{
    private readonly ConcurrentDictionary<string, ModelHabits> _models = new(StringComparer.Ordinal);

    /// <summary>The tokens that a call is likely to use.</summary>
    public TokenEstimate Estimate(Reservation reservation)
    {
        var call = reservation.Call;
        if (call.Api.IsFree)
        {
            return TokenEstimate.Exactly(0);
        }
        ref readonly var members = ref call.Body.Members;
        ref readonly var content = ref members.ContentRef;
        var habits = Of(call.Model.Id);
        var pieces = Pieces(content);
        var perPiece = Math.Min(habits.TokensPerPiece, call.Model.ImageTokenBound ?? double.MaxValue);
        var input = ToTokens((TextBytes(content, call.Body.Length) * habits.TokensPerByte) + (pieces * perPiece));
        if (!call.Api.BodyForm.HasAnswerTokens)
        {
            return TokenEstimate.Exactly(input);
        }
        double answers = Answers(members);
        var longest = call.Model.MaxOutputTokens is > 0 and var known ? known : TokenEstimate.MostTokens;
        var maximum = members.MaxOutputTokens is > 0 and var set ? Math.Min(set, longest) : (long?)null;
        var usual = Math.Min(habits.TokensPerAnswer, maximum ?? Math.Min(longest, reservation.Quotas.Tier?.MaxOutputTokens ?? longest));
        return new TokenEstimate(input, input + ToTokens(usual * answers), input + ToTokens((maximum ?? usual) * answers));
    }

    /// <summary>Learns from a call whose usage the upstream reported.</summary>
    public void Learn(Call call, in TokenUsage usage)
    {
        ref readonly var members = ref call.Body.Members;
        ref readonly var content = ref members.ContentRef;
        var habits = Of(call.Model.Id);
        if (usage.PromptTokens > 0 && content.LimitedSearches == 0)
        {
            habits.LearnPrompt(TextBytes(content, call.Body.Length), Pieces(content), usage.PromptTokens);
        }
        if (call.Api.BodyForm.HasAnswerTokens)
        {
            habits.LearnAnswers(Answers(members), usage.CompletionTokens);
        }
    }

    private ModelHabits Of(string modelId) =>
        _models.TryGetValue(modelId, out var habits)
            ? habits
            : _models.GetOrAdd(
                modelId,
                static (_, o) => new ModelHabits(1.0 / o.TypicalBytesPerToken, o.TypicalMediaTokens, o.TypicalAnswerTokens),
                options
            );

    private static long TextBytes(in ContentSummary content, long bodyBytes) =>
        Math.Max(0, bodyBytes - content.InlineMediaBytes - content.UnknownPartBytes);

    private static long Pieces(in ContentSummary content) => (long)content.InlineImages + content.ImageUrls + content.OpaqueParts;

    private static long Answers(in RequestMembers members) => (long)Math.Max(1, members.Choices) * members.ContentRef.Prompts;

    private static long ToTokens(double tokens) => (long)Math.Min(Math.Ceiling(tokens), TokenEstimate.MostTokens);
}
