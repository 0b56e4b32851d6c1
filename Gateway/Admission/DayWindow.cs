namespace Gateway.Admission;

/// <summary>What was admitted on one UTC day. A mutable struct without a lock of its own.</summary>
internal struct DayWindow
{
    private int _day;

    /// <summary>Requests of the day.</summary>
    public long Requests { get; private set; }

    /// <summary>Tokens of the day, bounds of open calls included.</summary>
    public long Tokens { get; private set; }

    /// <summary>The part of <see cref="Tokens"/> that is bounds of open calls.</summary>
    public long HeldTokens { get; private set; }

    /// <summary>Begins at zero when a later day has come.</summary>
    public void Advance(int day)
    {
        if (day > _day)
        {
            this = new DayWindow { _day = day };
        }
    }

    /// <summary>Counts, or corrects, on the day given; nothing when that day is over.</summary>
    public void Add(int day, long requests, long tokens, long heldTokens)
    {
        if (day == _day)
        {
            Requests += requests;
            Tokens += tokens;
            HeldTokens += heldTokens;
        }
    }
}
