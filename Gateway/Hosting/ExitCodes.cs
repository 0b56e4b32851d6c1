namespace Gateway.Hosting;

/// <summary>What the program returns. A command that a signal ended returns 128 and the signal's number.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing was found.</summary>
    public const int Done = 0;

    /// <summary>It could not start or run; a check found differences; <c>doctor</c> has a warning.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; <c>doctor</c> found a fault.</summary>
    public const int Wrong = 2;
}
