using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Calls;

/// <summary>How a call ended, as far as money and ledger care.</summary>
/// <param name="Answer">What the meter knows of the answer.</param>
/// <param name="Outcome">One of <see cref="Outcomes"/>.</param>
/// <param name="HttpStatus">The status that the client got, or would have got.</param>
/// <param name="IsStream">Whether the answer was a stream.</param>
internal sealed record CallEnd(MeteredAnswer Answer, string Outcome, int HttpStatus, bool IsStream)
{
    private static readonly MeteredAnswer Nothing = new() { Outcome = AnswerOutcome.Failed, UsageSource = UsageSource.None };

    /// <summary>
    /// Refused by the gateway after something was taken for it: nothing went upstream, so all is given back, and the ledger keeps no row.
    /// </summary>
    public static readonly CallEnd NeverSent = new(Nothing, Outcomes.UpstreamUnreachable, 0, IsStream: false)
    {
        IsAnswered = false,
        WasSent = false,
    };

    /// <summary>Whether it went upstream at all.</summary>
    public bool WasSent { get; private init; } = true;

    /// <summary>Whether the upstream answered, well or badly: else the request is given back to the windows.</summary>
    public bool IsAnswered { get; init; } = true;

    /// <summary>What the upstream says the call cost; null when it did not say.</summary>
    public Money? UpstreamCost { get; init; }

    /// <summary>A call without an answer that could be used: free.</summary>
    public static CallEnd Failed(string outcome, int httpStatus, bool isStream) => new(Nothing, outcome, httpStatus, isStream);

    /// <summary>A call that the upstream did not answer at all: free, and not counted.</summary>
    public static CallEnd Unanswered(string outcome, int httpStatus, bool isStream) =>
        Failed(outcome, httpStatus, isStream) with
        {
            IsAnswered = false,
        };

    /// <summary>A call that was given up because its client left before the answer began: the upstream was at work on the prompt.</summary>
    public static CallEnd LeftBeforeAnswer(long bodyBytes, bool isStream) =>
        new(
            new MeteredAnswer
            {
                Outcome = AnswerOutcome.Truncated,
                UsageSource = UsageSource.Estimated,
                Usage = UsageEstimator.Estimate(bodyBytes, 0),
            },
            Outcomes.ClientLeft,
            StatusCodes.Status499ClientClosedRequest,
            isStream
        );
}
