namespace Gateway.Admin;

/// <summary>What a sync reads and takes over.</summary>
internal enum SyncKind
{
    /// <summary>Models from the list of deployments.</summary>
    Models,

    /// <summary>Models from the model groups.</summary>
    ModelGroups,

    /// <summary>Companies alone, from the providers of the model groups.</summary>
    Companies,
}
