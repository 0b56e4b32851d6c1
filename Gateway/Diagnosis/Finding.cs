namespace Gateway.Diagnosis;

/// <summary>What <c>doctor</c> says of one part, in one line.</summary>
/// <param name="Part">The part: options, data folder, database, ...</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Text">What was found, and what to do when it is not well.</param>
internal sealed record Finding(string Part, FindingLevel Level, string Text)
{
    public static Finding Ok(string part, string text) => new(part, FindingLevel.Ok, text);

    public static Finding Warning(string part, string text) => new(part, FindingLevel.Warning, text);

    public static Finding Fault(string part, string text) => new(part, FindingLevel.Fault, text);
}
