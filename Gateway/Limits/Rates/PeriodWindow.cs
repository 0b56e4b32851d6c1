namespace Gateway.Limits.Rates;

/// <summary>What was admitted in one UTC day or month, which its number tells. A mutable struct without a lock of its own.</summary>
internal struct PeriodWindow
{
    private int _number;

    /// <summary>Requests of the period.</summary>
    public long Requests { get; private set; }

    /// <summary>Tokens of the period, estimates of open calls included.</summary>
    public long Tokens { get; private set; }

    /// <summary>The part of <see cref="Tokens"/> that is estimates of open calls.</summary>
    public long HeldTokens { get; private set; }

    /// <summary>Begins at zero when a later period has come.</summary>
    public void Advance(int number)
    {
        if (number > _number)
        {
            this = new PeriodWindow { _number = number };
        }
    }

    /// <summary>Counts, or corrects, in the period given; nothing when that is over.</summary>
    public void Add(int number, long requests, long tokens, long heldTokens)
    {
        if (number == _number)
        {
            Requests += requests;
            Tokens += tokens;
            HeldTokens += heldTokens;
        }
    }
}
