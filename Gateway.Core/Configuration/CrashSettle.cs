namespace Gateway.Core.Configuration;

/// <summary>What a call is charged that was in flight when its node died: nobody knows what it used.</summary>
public enum CrashSettle
{
    /// <summary>All that was held for it: no cap can have been exceeded unseen.</summary>
    Bound,

    /// <summary>Nothing: gives up that promise.</summary>
    Passed,
}
