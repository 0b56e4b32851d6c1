namespace Gateway.Sandbox;

/// <summary>How a call ended.</summary>
public enum SandboxOutcome
{
    /// <summary>Not ended yet.</summary>
    Open,

    /// <summary>The whole answer was written.</summary>
    Complete,

    /// <summary>The caller closed before the end.</summary>
    ClientLeft,

    /// <summary>An error was answered, or the answer was broken as scripted.</summary>
    Faulted,
}
