namespace Gateway.Core.Storage;

/// <summary>How the database stands, as this node sees it.</summary>
public enum DatabaseState
{
    /// <summary>It answers.</summary>
    Ok,

    /// <summary>It cannot be reached, or does not answer in time.</summary>
    Away,

    /// <summary>Its file was deleted or replaced under the running process. Only a new start helps.</summary>
    Gone,
}
