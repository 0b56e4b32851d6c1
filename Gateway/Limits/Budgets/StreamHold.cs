using Gateway.Core.Pricing;
using Gateway.Core.Usage;
using Gateway.Limits.Bound;

namespace Gateway.Limits.Budgets;

/// <summary>
/// Watches that a running stream stays within its hold. It can pass it where the upstream ignores the maximum, or where the prompt's hold
/// was learned and too small. Then more is held, a token for each byte that passes; when nothing is left, the stream has to end.
/// </summary>
internal sealed class StreamHold(Reservation reservation, UsagePlausibility plausibility)
{
    // No text in any language averages more bytes to a token: only what is above the maximum by this measure, or by the count of chunks, is
    // above it for sure.
    private const int MostBytesPerToken = 16;
    private const long TokensAhead = 256;

    private long _allowedTokens = reservation.Bound.OutputTokens;
    private bool _isPastMaximum;

    /// <summary>
    /// Whether what has passed is paid for, if need be by holding more. A stream that said why it ends is let to its end.
    /// </summary>
    public bool Covers(StreamMeter meter)
    {
        if (reservation.Hold is not { IsOpen: true } hold || hold.Lines.Length == 0 || meter.HasFinishReason || meter.IsWhole)
        {
            return true;
        }
        return CoversReported(hold, meter) && CoversPassed(hold, meter);
    }

    private bool CoversReported(MoneyHold hold, StreamMeter meter)
    {
        if (meter.Reported is not { } reported || !plausibility.IsPossible(reservation, reported.Usage))
        {
            return true; // what cannot be is no report: no money is taken for it
        }
        var cost = CostCalculator.Cost(reservation.Call.Model.Prices, reported.Usage, reported.Tier ?? ServiceTier.Default).Total;
        return cost <= hold.Amount || reservation.TryExtend(cost);
    }

    private bool CoversPassed(MoneyHold hold, StreamMeter meter)
    {
        var tokens = _isPastMaximum ? meter.ContentBytes : Math.Max(meter.ContentChunks, meter.ContentBytes / MostBytesPerToken);
        if (tokens <= _allowedTokens)
        {
            return true;
        }
        _isPastMaximum = reservation.IsPastMaximum = true;
        return TryAllow(hold, meter.ContentBytes + TokensAhead) || TryAllow(hold, meter.ContentBytes);
    }

    private bool TryAllow(MoneyHold hold, long tokens)
    {
        var cost = reservation.Bound.CostWithOutput(tokens);
        if (cost > hold.Amount && !reservation.TryExtend(cost))
        {
            return false;
        }
        _allowedTokens = tokens;
        return true;
    }
}
