namespace Gateway.Diagnosis;

/// <summary>How bad a finding is. The numbers are the exit codes of <c>doctor</c>.</summary>
internal enum FindingLevel
{
    /// <summary>All is well.</summary>
    Ok = 0,

    /// <summary>It works, and something needs a look.</summary>
    Warning = 1,

    /// <summary>The gateway cannot start or serve like this.</summary>
    Fault = 2,
}
