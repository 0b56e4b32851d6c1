namespace Gateway.Core.Storage.Entities;

/// <summary>
/// What a node told the others of the calls that it counted of one caller, as far as it let them in itself. Written by the traffic of that
/// node alone; worthless when its day is over. A row with an empty counter is the node's own sign of life.
/// </summary>
public sealed class WindowShare
{
    /// <summary>A sign of life whose wanted requests are this number is the last one: the node has stopped.</summary>
    public const long Left = -1;

    /// <summary>The longest text of a counter; of longer ones others do not hear.</summary>
    public const int LongestCounter = 256;

    /// <summary>Whose calls: scope, its id, model, user.</summary>
    public required string Counter { get; set; }

    /// <summary>One process: its node's name, and what tells it from those before it.</summary>
    public required string Node { get; set; }

    /// <summary>Counts up with each telling of the node.</summary>
    public long Round { get; set; }

    /// <summary>Requests of the last minute.</summary>
    public long MinuteRequests { get; set; }

    /// <summary>Tokens of the last minute, estimates of open calls included.</summary>
    public long MinuteTokens { get; set; }

    /// <summary>The day, in days since 0001-01-01 UTC.</summary>
    public int Day { get; set; }

    /// <summary>Requests of the day.</summary>
    public long DayRequests { get; set; }

    /// <summary>Tokens of the day, estimates of open calls included.</summary>
    public long DayTokens { get; set; }

    /// <summary>The month, in months since the year 0.</summary>
    public int Month { get; set; }

    /// <summary>Tokens of the month, estimates of open calls included; of users alone.</summary>
    public long MonthTokens { get; set; }

    /// <summary>Calls in flight.</summary>
    public long InFlight { get; set; }

    /// <summary>The part of the tokens that is estimates of open calls.</summary>
    public long HeldTokens { get; set; }

    /// <summary>Requests that the node is likely to let in until it tells again.</summary>
    public long WantRequests { get; set; }

    /// <summary>Tokens of them.</summary>
    public long WantTokens { get; set; }

    /// <summary>The most tokens that one of its calls took lately.</summary>
    public long UnitTokens { get; set; }
}
