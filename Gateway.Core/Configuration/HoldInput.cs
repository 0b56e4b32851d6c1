namespace Gateway.Core.Configuration;

/// <summary>How the prompt of a call is held on a budget.</summary>
public enum HoldInput
{
    /// <summary>A token for each byte of the body: no call costs more than its hold.</summary>
    Strict,

    /// <summary>As many tokens as the model has shown to make of that many bytes: holds less, and gives up the promise.</summary>
    Learned,
}
